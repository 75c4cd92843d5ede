-- The last successful run of each task's bot, and where the task stands: what has been planned up to when. Parameter: @bot_id (null: all bots).
-- Result, a row a task: bot_id, task_id, run_no, started_utc, finished_utc, started and finished by the server's wall clock, host, exit_code,
-- hours_ago; watermark (operations before it are all planned), first_look_done, deep_look_at, brake_held_at; failed_since, how many runs have failed
-- since, and last_exit_code, of the newest run that ended (null: it died). The columns of the run are null where none was successful.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.last_success;
GO
CREATE PROCEDURE tgn_report.last_success
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

  SELECT t.bot_id, t.task_id, r.run_no, r.started_utc, r.finished_utc, DATEADD(minute, @offset, r.started_utc) AS started,
    DATEADD(minute, @offset, r.finished_utc) AS finished, r.host, r.exit_code, DATEDIFF(minute, r.finished_utc, c.now_utc) / 60.0 AS hours_ago,
    t.watermark, t.first_look_done, t.deep_look_at, t.brake_held_at,
    (SELECT COUNT(*) FROM tgn.run f WHERE f.bot_id = t.bot_id AND f.finished_utc IS NOT NULL AND f.run_no > COALESCE(g.run_no, 0)) AS failed_since,
    (SELECT TOP (1) f.exit_code FROM tgn.run f WHERE f.bot_id = t.bot_id AND f.finished_utc IS NOT NULL ORDER BY f.run_no DESC) AS last_exit_code
  FROM tgn.task t
  CROSS JOIN tgn.clock c
  LEFT JOIN (SELECT bot_id, MAX(run_no) AS run_no FROM tgn.run WHERE exit_code = 0 GROUP BY bot_id) g ON g.bot_id = t.bot_id
  LEFT JOIN tgn.run r ON r.run_no = g.run_no
  WHERE @bot_id IS NULL OR t.bot_id = @bot_id
  ORDER BY t.bot_id, t.task_id;
END;
GO
