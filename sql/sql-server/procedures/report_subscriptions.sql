-- How many customers are subscribed. Parameter: @bot_id (null: all bots). Result: bot_id, state (active, suspended: the bot is blocked, stopped: the
-- guest said so, cleared: staff emptied the note), origin (link, legacy: the former solution's link, note), n, last_changed by the server's wall clock.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.subscriptions;
GO
CREATE PROCEDURE tgn_report.subscriptions
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

  SELECT bot_id, state, origin, COUNT(*) AS n, DATEADD(minute, @offset, MAX(changed_utc)) AS last_changed FROM tgn.subscription
  WHERE @bot_id IS NULL OR bot_id = @bot_id GROUP BY bot_id, state, origin ORDER BY bot_id, state, origin;
END;
GO
