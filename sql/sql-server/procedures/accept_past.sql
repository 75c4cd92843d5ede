-- A database was set back in time: what waited at the moment it was set back to may have been told in the stretch that is lost. Parameters:
-- the bot; @restored mark | leave. mark: it ends as skipped(marked). leave: it is told with the mark of a possible repeat. Result: n, how many
-- ended. Locks: the planned rows of the bot.
DROP PROCEDURE IF EXISTS tgn_admin.accept_past;
GO
CREATE PROCEDURE tgn_admin.accept_past
  @bot_id bigint,
  @restored varchar(10)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @n int;
  SELECT @now = now_utc FROM tgn.clock;
  SET @n = 0;
  IF @restored = 'leave' UPDATE tgn.delivery SET repeat = 1 WHERE state = 'planned' AND bot_id = @bot_id;
  IF @restored = 'mark'
  BEGIN
    UPDATE tgn.delivery SET state = 'skipped', reason = 'marked', changed_utc = @now WHERE state = 'planned' AND bot_id = @bot_id;
    SET @n = @@ROWCOUNT;
  END;
  SELECT @n AS n;
END;
GO
