-- Deliveries with all their attempts. No parameters; called by read_story, list_in_doubt and list_refused, whose #story (place, delivery_no) it
-- reads. Result, two sets: the deliveries in the order of place: row_no, operation_id, customer_id, task_id, state, reason, planned_at, finished_at,
-- not_before, resolved; their attempts, the first first: row_no, attempt_no, chat_id, started_at, finished_at, outcome, code, detail, message_id,
-- repeat. What a 429 stopped was tried before, and a notice told twice has two. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.tell_deliveries;
GO
CREATE PROCEDURE tgn.tell_deliveries
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT d.delivery_no AS row_no, d.operation_id, d.customer_id, COALESCE(t.task_id, '') AS task_id, d.state, d.reason, d.planned_utc AS planned_at,
    CASE WHEN d.state NOT IN ('planned', 'sending') THEN d.changed_utc END AS finished_at, d.not_before_utc AS not_before, d.resolved
  FROM #story s JOIN tgn.delivery d ON d.delivery_no = s.delivery_no LEFT JOIN tgn.task t ON t.task_no = d.task_no
  ORDER BY s.place;
  SELECT k.delivery_no AS row_no, a.attempt_no, a.chat_id, a.started_utc AS started_at, a.finished_utc AS finished_at, a.outcome, a.code, a.detail,
    a.message_id, a.repeat
  FROM (
    SELECT s.delivery_no, d.attempt_no FROM #story s JOIN tgn.delivery d ON d.delivery_no = s.delivery_no WHERE d.attempt_no IS NOT NULL
    UNION
    SELECT s.delivery_no, e.attempt_no FROM #story s JOIN tgn.earlier_attempt e ON e.delivery_no = s.delivery_no
  ) k
  JOIN tgn.attempt a ON a.attempt_no = k.attempt_no
  ORDER BY k.delivery_no, a.attempt_no;
END;
GO
