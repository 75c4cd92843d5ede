-- Proves the lock and stamps the heartbeat. Parameters: @bot_id, @run_no. Result: answer held | lost. Locks: the run's row.
DROP PROCEDURE IF EXISTS tgn.confirm;
GO
CREATE PROCEDURE tgn.confirm
  @bot_id bigint,
  @run_no int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 1 UPDATE tgn.run SET heartbeat_utc = @now WHERE run_no = @run_no;
  COMMIT TRANSACTION;
  SELECT CASE WHEN @held = 1 THEN 'held' ELSE 'lost' END AS answer;
END;
GO
