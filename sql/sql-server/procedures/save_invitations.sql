-- Keeps what was decided of customers, and weighs the operations that asked, up to the one named; later ones ask anew. Parameters: @bot_id, @run_no,
-- @weighed. One that waits already is enough for a customer: then nothing is added. Result: answer saved | lock_lost. Locks: the rows written.
DROP PROCEDURE IF EXISTS tgn.save_invitations;
GO
CREATE PROCEDURE tgn.save_invitations
  @bot_id bigint,
  @run_no int,
  @weighed tgn.weighed_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  CREATE TABLE #weighed (
    seq int NOT NULL PRIMARY KEY, task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL, task_no int NULL, customer_id uniqueidentifier NOT NULL,
    operation_id uniqueidentifier NOT NULL, date datetime NULL, state varchar(10) COLLATE Latin1_General_BIN2 NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NULL, number varchar(20) COLLATE Latin1_General_BIN2 NULL, segments int NULL,
    cost varchar(30) COLLATE Latin1_General_BIN2 NULL, gateway varchar(20) COLLATE Latin1_General_BIN2 NULL, not_before_utc datetime2(3) NULL
  );
  INSERT INTO #weighed (seq, task_id, task_no, customer_id, operation_id, date, state, reason, number, segments, cost, gateway, not_before_utc)
  SELECT w.seq, w.task_id, t.task_no, w.customer_id, w.operation_id, d.operation_date, w.state, w.reason, w.number, w.segments, w.cost, w.gateway,
    w.not_before_utc
  FROM @weighed w
  LEFT JOIN tgn.task t ON t.bot_id = @bot_id AND t.task_id = w.task_id
  LEFT JOIN tgn.delivery d ON d.bot_id = @bot_id AND d.operation_id = w.operation_id
  OPTION (LOOP JOIN, MAXDOP 1);

  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  INSERT INTO tgn.invitation (bot_id, task_id, customer_id, operation_id, operation_date, state, reason, number, segments, cost, gateway,
    not_before_utc, planned_utc, changed_utc)
  SELECT @bot_id, w.task_id, w.customer_id, w.operation_id, w.date, w.state, w.reason, w.number, w.segments, w.cost, w.gateway, w.not_before_utc,
    @now, @now
  FROM #weighed w
  WHERE w.state IS NOT NULL AND w.date IS NOT NULL
    AND (w.state <> 'planned' OR (
      NOT EXISTS (SELECT 1 FROM tgn.invitation v WHERE v.state IN ('planned', 'sending') AND v.bot_id = @bot_id AND v.customer_id = w.customer_id)
      AND NOT EXISTS (SELECT 1 FROM #weighed f WHERE f.seq < w.seq AND f.state = 'planned' AND f.date IS NOT NULL AND f.customer_id = w.customer_id)
    ))
  ORDER BY w.seq
  OPTION (MAXDOP 1);
  UPDATE d SET asks = 0
  FROM tgn.delivery d JOIN #weighed w ON w.customer_id = d.customer_id AND w.task_no = d.task_no
  WHERE d.asks = 1 AND d.bot_id = @bot_id AND (w.date IS NULL OR d.operation_date <= w.date)
  OPTION (MAXDOP 1);
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
