-- The brake stopped: what it holds doesn't age from then on. Parameters: @bot_id, @run_no, @task_id, @at, the wall clock as text.
-- Result: answer saved | lock_lost. Locks: the task's row.
DROP PROCEDURE IF EXISTS tgn.hold_brake;
GO
CREATE PROCEDURE tgn.hold_brake
  @bot_id bigint,
  @run_no int,
  @task_id varchar(100),
  @at varchar(23)
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
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE tgn.task SET brake_held_at = COALESCE(brake_held_at, CONVERT(datetime, @at, 121)) WHERE bot_id = @bot_id AND task_id = @task_id;
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
