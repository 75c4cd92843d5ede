-- What became of the operations of each day. Parameters: @from and @until, dates of operations, the second left out (the last 30 days), @bot_id (null:
-- all bots). Result: bot_id, day, operations, delivered, refused, in_doubt, waiting (planned or sending), not_subscribed, suspended, opted_out,
-- too_old, late, marked, removed. An operation outside all tasks' filters is in no column.
-- Locks: none that outlast a row's reading. The ledger's table of deliveries is read once.
DROP PROCEDURE IF EXISTS tgn_report.days;
GO
CREATE PROCEDURE tgn_report.days
  @from datetime = NULL,
  @until datetime = NULL,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT @from = COALESCE(@from, DATEADD(day, -30, wall_now)), @until = COALESCE(@until, '99991231 23:59:59.997') FROM tgn.clock;
  SELECT d.bot_id, d.day, COUNT(*) AS operations,
    COUNT(CASE WHEN d.state = 'delivered' THEN 1 END) AS delivered, COUNT(CASE WHEN d.state = 'refused' THEN 1 END) AS refused,
    COUNT(CASE WHEN d.state = 'in_doubt' THEN 1 END) AS in_doubt, COUNT(CASE WHEN d.state IN ('planned', 'sending') THEN 1 END) AS waiting,
    COUNT(CASE WHEN d.reason = 'not_subscribed' THEN 1 END) AS not_subscribed, COUNT(CASE WHEN d.reason = 'suspended' THEN 1 END) AS suspended,
    COUNT(CASE WHEN d.reason = 'opted_out' THEN 1 END) AS opted_out, COUNT(CASE WHEN d.reason = 'too_old' THEN 1 END) AS too_old,
    COUNT(CASE WHEN d.reason = 'late' THEN 1 END) AS late, COUNT(CASE WHEN d.reason = 'marked' THEN 1 END) AS marked,
    COUNT(CASE WHEN d.reason = 'removed' THEN 1 END) AS removed
  FROM (
    SELECT bot_id, CAST(operation_date AS date) AS day, state, reason FROM tgn.delivery
    WHERE operation_date >= @from AND operation_date < @until AND (@bot_id IS NULL OR bot_id = @bot_id)
  ) d
  GROUP BY d.bot_id, d.day
  ORDER BY d.bot_id, d.day DESC
  OPTION (MAXDOP 1);
END;
GO
