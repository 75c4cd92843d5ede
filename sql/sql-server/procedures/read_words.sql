-- Words for the bot: rows that ask the lock's holder to look. Parameter: @bot_id. Result: wake_no, the newest word's number of any bot, as it
-- is only compared; event_at, when the newest event came that nobody has served. NOLOCK: a till's word that isn't committed yet must be seen, and
-- waited for by nobody; it only decides to look again. Takes no lock.
DROP PROCEDURE IF EXISTS tgn.read_words;
GO
CREATE PROCEDURE tgn.read_words
  @bot_id bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT
    (SELECT COALESCE(MAX(wake_no), 0) FROM tgn.wake WITH (NOLOCK)) AS wake_no,
    (SELECT MAX(made_utc) FROM tgn.wake WITH (NOLOCK) WHERE bot_id = @bot_id AND kind = 'event' AND served_utc IS NULL) AS event_at;
END;
GO
