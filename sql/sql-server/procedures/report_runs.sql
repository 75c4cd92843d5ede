-- The runs of the last @days days (7), newest first. Parameters: @days, @bot_id (null: all bots). Result: run_no, bot_id, started and finished by
-- the server's wall clock, seconds, host, pid, started_by, exit_code (null with an end: it died, and the end is its last sign), deliveries, how
-- many were sent and delivered by it, summary.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.runs;
GO
CREATE PROCEDURE tgn_report.runs
  @days int = 7,
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

  SELECT r.run_no, r.bot_id, DATEADD(minute, @offset, r.started_utc) AS started, DATEADD(minute, @offset, r.finished_utc) AS finished,
    DATEDIFF(second, r.started_utc, COALESCE(r.finished_utc, r.heartbeat_utc)) AS seconds, r.host, r.pid, r.started_by, r.exit_code,
    COALESCE(a.deliveries, 0) AS deliveries, r.summary
  FROM tgn.run r
  CROSS JOIN tgn.clock c
  LEFT JOIN (
    SELECT t.run_no, COUNT(*) AS deliveries FROM tgn.attempt t CROSS JOIN tgn.clock k
    WHERE t.outcome = 'delivered' AND t.started_utc >= DATEADD(day, -@days, k.now_utc) GROUP BY t.run_no
  ) a ON a.run_no = r.run_no
  WHERE r.started_utc >= DATEADD(day, -@days, c.now_utc) AND (@bot_id IS NULL OR r.bot_id = @bot_id)
  ORDER BY r.run_no DESC
  OPTION (MAXDOP 1);
END;
GO
