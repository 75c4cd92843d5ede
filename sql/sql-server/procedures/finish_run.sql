-- Ends the run in one transaction: its row, and the words that it has served; then unlocks, and only then asks for newer words: in any other
-- order a word can fall between two runs. READPAST: a word that a till hasn't committed is served by a later run. NOLOCK: such a word is reason
-- enough to look again. Parameters: @bot_id, @run_no, @exit_code, @summary, @served, the newest word that the run served.
-- Result: again 1 or 0; 0 without the lock, when nothing is written and whoever has the lock sees the words.
-- Locks: the run's row and the words, until the commit; then none.
DROP PROCEDURE IF EXISTS tgn.finish_run;
GO
CREATE PROCEDURE tgn.finish_run
  @bot_id bigint,
  @run_no int,
  @exit_code int,
  @summary nvarchar(max),
  @served bigint
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
  IF @held = 1
  BEGIN
    UPDATE w SET served_utc = @now FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
    WHERE w.bot_id = @bot_id AND w.wake_no <= @served AND w.served_utc IS NULL;
    UPDATE tgn.run SET finished_utc = @now, heartbeat_utc = @now, exit_code = @exit_code, summary = @summary WHERE run_no = @run_no;
  END;
  COMMIT TRANSACTION;
  EXEC tgn.release_run @bot_id;
  SELECT CAST(CASE WHEN @held = 1 AND EXISTS (
    SELECT 1 FROM tgn.wake WITH (NOLOCK) WHERE wake_no > @served AND bot_id = @bot_id
  ) THEN 1 ELSE 0 END AS bit) AS again;
END;
GO
