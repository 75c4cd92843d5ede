-- Deliveries whose outcome can't be known. Parameters: the bot, @limit. Result: the deliveries, the longest waiting first, and their attempts, both as
-- read_story gives them.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.list_in_doubt;
GO
CREATE PROCEDURE tgn.list_in_doubt
  @bot_id bigint,
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT TOP (@limit) d.delivery_no, d.attempt_no, d.changed_utc INTO #story FROM tgn.delivery d
  WHERE d.state = 'in_doubt' AND d.bot_id = @bot_id ORDER BY d.changed_utc, d.delivery_no;
  SELECT d.delivery_no AS row_no, d.operation_id, d.customer_id, COALESCE(t.task_id, '') AS task_id, d.state, d.reason, d.planned_utc AS planned_at,
    CASE WHEN d.state NOT IN ('planned', 'sending') THEN d.changed_utc END AS finished_at, d.not_before_utc AS not_before, d.resolved, d.attempt_no
  FROM #story s JOIN tgn.delivery d ON d.delivery_no = s.delivery_no LEFT JOIN tgn.task t ON t.task_no = d.task_no
  ORDER BY s.changed_utc, s.delivery_no;
  SELECT DISTINCT a.attempt_no, a.chat_id, a.started_utc AS started_at, a.finished_utc AS finished_at, a.outcome, a.code, a.detail, a.message_id, a.repeat
  FROM #story s JOIN tgn.attempt a ON a.attempt_no = s.attempt_no;
END;
GO
