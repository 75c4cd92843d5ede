-- The guard of every write: is the bot's lock ours, and is the run's row still open? Called inside the writing transaction, whose first
-- statement it is; until that transaction ends nobody can end the run's row, and so nobody else can become the holder before the commit.
-- Parameters: @bot_id, @run_no. Result: @held 1 or 0; @now and @wall, the server's clocks, from which the caller takes all its times.
-- Locks: an update lock on the run's row, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.prove_lock;
GO
CREATE PROCEDURE tgn.prove_lock
  @bot_id bigint,
  @run_no int,
  @held bit OUTPUT,
  @now datetime2(3) OUTPUT,
  @wall datetime OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @lock nvarchar(255);
  SET @lock = N'tgn:' + DB_NAME() + N':bot:' + CAST(@bot_id AS nvarchar(20));
  SET @held = 0;
  SELECT @now = now_utc, @wall = wall_now FROM tgn.clock;
  IF APPLOCK_MODE('public', @lock, 'Session') = 'Exclusive'
    SELECT @held = 1 FROM tgn.run WITH (UPDLOCK, ROWLOCK) WHERE run_no = @run_no AND bot_id = @bot_id AND finished_utc IS NULL;
END;
GO
