-- Stamps a poll, so that no other run polls within the anti-spin time. Parameters: @bot_id, @run_no. Result: answer saved | lock_lost.
-- Locks: the bot's row.
DROP PROCEDURE IF EXISTS tgn.save_poll;
GO
CREATE PROCEDURE tgn.save_poll
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
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE tgn.bot SET polled_utc = @now WHERE bot_id = @bot_id;
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
