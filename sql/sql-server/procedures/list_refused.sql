-- Refused deliveries with one of the codes. Parameters: the bot, @codes, @limit. Result: what tell_deliveries gives, the oldest first. No index has
-- them, so it walks the ledger's table of deliveries once. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.list_refused;
GO
CREATE PROCEDURE tgn.list_refused
  @bot_id bigint,
  @codes tgn.text_list_1 READONLY,
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #code (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  CREATE TABLE #story (place int IDENTITY (1, 1) NOT NULL PRIMARY KEY, delivery_no bigint NOT NULL UNIQUE);
  INSERT INTO #code (item) SELECT item FROM @codes;
  INSERT INTO #story (delivery_no)
  SELECT TOP (@limit) d.delivery_no FROM tgn.delivery d
  WHERE d.state = 'refused' AND d.bot_id = @bot_id AND d.reason IN (SELECT item FROM #code)
  ORDER BY d.delivery_no
  OPTION (MAXDOP 1);
  EXEC tgn.tell_deliveries;
END;
GO
