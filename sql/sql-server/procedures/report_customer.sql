-- Everything the ledger knows of one customer, newest operation first. Parameters: @customer_id, @rows, how many at most (200), @bot_id (null: all
-- bots). Result: the subscriptions (bot_id, state, origin, epoch, changed by the server's wall clock); then the deliveries: bot_id, operation_id,
-- operation_date, sum, state, reason, tries, repeat, sent and finished by the server's wall clock, outcome, code, detail, resolved.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.customer;
GO
CREATE PROCEDURE tgn_report.customer
  @customer_id uniqueidentifier,
  @rows int = 200,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int;
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now) FROM tgn.clock;

  SELECT s.bot_id, s.state, s.origin, s.epoch, DATEADD(minute, @offset, s.changed_utc) AS changed FROM tgn.subscription s
  WHERE s.customer_id = @customer_id AND (@bot_id IS NULL OR s.bot_id = @bot_id) ORDER BY s.bot_id;
  -- Into a table first: whoever reads slowly must not keep a row of Tillypad's locked.
  SELECT TOP (@rows) d.delivery_no, d.bot_id, d.operation_id, d.operation_date, o.sum, d.state, d.reason, d.tries, d.repeat,
    DATEADD(minute, @offset, a.started_utc) AS sent, DATEADD(minute, @offset, a.finished_utc) AS finished, a.outcome, a.code, a.detail, d.resolved
  INTO #shown
  FROM tgn.bot b
  JOIN tgn.delivery d ON d.bot_id = b.bot_id
  LEFT JOIN tgn.operation o ON o.operation_id = d.operation_id
  LEFT JOIN tgn.attempt a ON a.attempt_no = d.attempt_no
  WHERE d.customer_id = @customer_id AND (@bot_id IS NULL OR d.bot_id = @bot_id)
  ORDER BY d.operation_date DESC, d.delivery_no DESC
  OPTION (MAXDOP 1);
  SELECT bot_id, operation_id, operation_date, sum, state, reason, tries, repeat, sent, finished, outcome, code, detail, resolved
  FROM #shown ORDER BY operation_date DESC, delivery_no DESC;
END;
GO
