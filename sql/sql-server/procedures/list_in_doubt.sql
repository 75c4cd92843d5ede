-- Deliveries whose outcome can't be known. Parameters: the bot, @limit. Result: what tell_deliveries gives, the longest waiting first.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.list_in_doubt;
GO
CREATE PROCEDURE tgn.list_in_doubt
  @bot_id bigint,
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #story (place int IDENTITY (1, 1) NOT NULL PRIMARY KEY, delivery_no bigint NOT NULL UNIQUE);
  INSERT INTO #story (delivery_no)
  SELECT TOP (@limit) d.delivery_no FROM tgn.delivery d WHERE d.state = 'in_doubt' AND d.bot_id = @bot_id ORDER BY d.changed_utc, d.delivery_no;
  EXEC tgn.tell_deliveries;
END;
GO
