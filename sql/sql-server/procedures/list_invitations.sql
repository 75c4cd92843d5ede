-- Invitations as a person reads them, newest first. Parameters: the bot; states, a reason and customers that narrow the list; @limit. Result: row_no,
-- task_id, customer_id, customer_name, operation_id, state, reason, number, segments, cost, gateway, gateway_id, detail, planned_at, sent_at, not_before,
-- status, status_code, run_id, resolved. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.list_invitations;
GO
CREATE PROCEDURE tgn.list_invitations
  @bot_id bigint,
  @states tgn.text_list_1 READONLY,
  @any_state bit,
  @reason varchar(20),
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #wanted (state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  CREATE TABLE #only (id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #wanted (state) SELECT item FROM @states;
  INSERT INTO #only (id) SELECT id FROM @customers;
  SELECT TOP (@limit) v.invitation_no, c.name AS customer_name INTO #shown
  FROM tgn.invitation v LEFT JOIN tgn.customer c ON c.customer_id = v.customer_id
  WHERE v.bot_id = @bot_id AND (@any_state = 1 OR EXISTS (SELECT 1 FROM #wanted w WHERE w.state = v.state)) AND (@reason IS NULL OR v.reason = @reason)
    AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = v.customer_id))
  ORDER BY v.invitation_no DESC
  OPTION (MAXDOP 1);
  SELECT v.invitation_no AS row_no, v.task_id, v.customer_id, COALESCE(s.customer_name, N'') AS customer_name, v.operation_id, v.state, v.reason,
    v.number, v.segments, v.cost, v.gateway, v.gateway_id, v.detail, v.planned_utc AS planned_at, v.sent_utc AS sent_at,
    v.not_before_utc AS not_before, v.status, v.status_code, r.run_id, v.resolved
  FROM #shown s JOIN tgn.invitation v ON v.invitation_no = s.invitation_no LEFT JOIN tgn.run r ON r.run_no = v.run_no
  ORDER BY v.invitation_no DESC;
END;
GO
