-- Distinct chats that came with a forged link. Parameters: @bot_id, @since. Result: chats. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.count_forgers;
GO
CREATE PROCEDURE tgn.count_forgers
  @bot_id bigint,
  @since datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT COUNT(DISTINCT chat_id) AS chats FROM tgn.refused_link WHERE bot_id = @bot_id AND at_utc >= @since AND reason = 'forged';
END;
GO
