-- Puts refused deliveries with one of the codes back to be told, as if found now: surely not sent, so no mark; what is told once more stays together.
-- Parameters: the bot; @rows, or @all; @codes; @resolved, who and why. Result: n, how many. Locks: 2,000 rows at most a transaction.
DROP PROCEDURE IF EXISTS tgn_admin.retry;
GO
CREATE PROCEDURE tgn_admin.retry
  @bot_id bigint,
  @rows tgn.number_list_1 READONLY,
  @all bit,
  @codes tgn.text_list_1 READONLY,
  @resolved nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @n int, @from int, @last int;
  CREATE TABLE #code (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  CREATE TABLE #asked (no bigint NOT NULL PRIMARY KEY);
  CREATE TABLE #row (seq int IDENTITY (1, 1) NOT NULL PRIMARY KEY, delivery_no bigint NOT NULL);
  INSERT INTO #code (item) SELECT item FROM @codes;
  INSERT INTO #asked (no) SELECT no FROM @rows;
  SELECT @now = now_utc FROM tgn.clock;
  IF @all = 1
    INSERT INTO #row (delivery_no)
    SELECT d.delivery_no FROM tgn.delivery d
    WHERE d.state = 'refused' AND d.bot_id = @bot_id AND d.reason IN (SELECT item FROM #code) ORDER BY d.delivery_no
    OPTION (MAXDOP 1);
  ELSE INSERT INTO #row (delivery_no) SELECT no FROM #asked;

  SELECT @n = 0, @from = 0, @last = COALESCE(MAX(seq), 0) FROM #row;
  WHILE @from < @last
  BEGIN
    UPDATE d SET state = 'planned', reason = NULL, run_no = NULL, attempt_no = CASE WHEN d.repeat = 1 THEN d.attempt_no END, not_before_utc = NULL,
      planned_utc = @now, changed_utc = @now,
      resolved = LEFT(CASE WHEN d.resolved IS NULL THEN N'' ELSE d.resolved + N' | ' END + @resolved, 400)
    FROM tgn.delivery d JOIN #row r ON r.delivery_no = d.delivery_no
    WHERE r.seq > @from AND r.seq <= @from + 2000
      AND d.state = 'refused' AND d.bot_id = @bot_id AND d.reason IN (SELECT item FROM #code);
    SET @n = @n + @@ROWCOUNT;
    SET @from = @from + 2000;
  END;
  EXEC tgn.flush_log;
  SELECT @n AS n;
END;
GO
