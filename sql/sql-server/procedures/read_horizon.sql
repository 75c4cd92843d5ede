-- What prune has forgotten. Parameter: the bot. Result: horizon, a wall clock; null before the first time, no row for a bot that nothing has bound.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.read_horizon;
GO
CREATE PROCEDURE tgn.read_horizon
  @bot_id bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT CONVERT(varchar(23), pruned_to, 121) AS horizon FROM tgn.bot WHERE bot_id = @bot_id;
END;
GO
