-- Pauses a bot until a time (9999-12-31T23:59:59: until it is resumed) or resumes it (@until null). A bot that no run has bound has no row: it
-- will start out paused, and so will every other one. Bots that are bound later stay paused where `install --paused` said so, unless this is
-- one of them. Parameters: the bot, @until. No result. Locks: the bot's row, or the place's.
DROP PROCEDURE IF EXISTS tgn_admin.set_pause;
GO
CREATE PROCEDURE tgn_admin.set_pause
  @bot_id bigint,
  @until datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  BEGIN TRANSACTION;
  UPDATE tgn.bot SET paused_until_utc = @until WHERE bot_id = @bot_id;
  IF @@ROWCOUNT = 0 UPDATE tgn.place SET paused = CASE WHEN @until IS NULL THEN 0 ELSE 1 END;
  COMMIT TRANSACTION;
END;
GO
