-- What is open: planned, being sent, in doubt. Parameter: @bot_id (null: all bots). Result: bot_id, state, n, customers, oldest_operation, the date of
-- the oldest among them, longest, hours since the longest waiting one came into this state, next_try, by the server's wall clock, where rows wait for
-- their next try.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.waiting;
GO
CREATE PROCEDURE tgn_report.waiting
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

  SELECT d.bot_id, d.state, COUNT(*) AS n, COUNT(DISTINCT d.customer_id) AS customers, MIN(d.operation_date) AS oldest_operation,
    MAX(DATEDIFF(minute, d.changed_utc, c.now_utc)) / 60.0 AS longest,
    DATEADD(minute, @offset, MIN(CASE WHEN d.not_before_utc > c.now_utc THEN d.not_before_utc END)) AS next_try
  FROM tgn.delivery d CROSS JOIN tgn.clock c
  WHERE d.state IN ('planned', 'sending', 'in_doubt') AND (@bot_id IS NULL OR d.bot_id = @bot_id)
  GROUP BY d.bot_id, d.state
  ORDER BY d.bot_id, d.state
  OPTION (MAXDOP 1);
END;
GO
