-- Sets the horizon of what prune forgets, which never goes back; before anything is forgotten, so that it is never taken for something that was never
-- told. Parameters: the bot, @before, a wall clock. Result: horizon; no row for a bot that nothing has bound. Locks: the bot's row.
DROP PROCEDURE IF EXISTS tgn_admin.prune_to;
GO
CREATE PROCEDURE tgn_admin.prune_to
  @bot_id bigint,
  @before datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE tgn.bot SET pruned_to = @before WHERE bot_id = @bot_id AND (pruned_to IS NULL OR pruned_to < @before);
  EXEC tgn.flush_log;
  SELECT CONVERT(varchar(23), pruned_to, 121) AS horizon FROM tgn.bot WHERE bot_id = @bot_id;
END;
GO
