-- Takes away deliveries that ended long ago and whose operation Tillypad no longer has, one chunk: @chunk rows of the ledger are looked at by their
-- numbers. As long as its operation exists a delivery keeps its key, or it would be told again.
-- Parameters: the bot; @before, a wall clock, and @before_utc, the same moment; @after, the number where the last chunk ended, 0 at first; @chunk,
-- 2,000 at most. Result: n, how many went; next, the number where this chunk ended, null after the last.
-- Locks: the rows that go, until the end of the statement; Tillypad's only while each is read. Absence decides here, and so it waits for a lock; the
-- operations that stay locked are left for the next time.
DROP PROCEDURE IF EXISTS tgn_admin.prune_deliveries;
GO
CREATE PROCEDURE tgn_admin.prune_deliveries
  @bot_id bigint,
  @before datetime,
  @before_utc datetime2(3),
  @after bigint,
  @chunk int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @next bigint, @looked int, @n int;
  CREATE TABLE #ended (delivery_no bigint NOT NULL PRIMARY KEY, operation_id uniqueidentifier NOT NULL);
  CREATE TABLE #gone (delivery_no bigint NOT NULL PRIMARY KEY);
  IF @chunk > 2000 SET @chunk = 2000;
  SET @n = 0;
  SELECT @looked = COUNT(*), @next = MAX(t.no)
  FROM (SELECT TOP (@chunk) delivery_no AS no FROM tgn.delivery WHERE delivery_no > @after ORDER BY delivery_no) t;
  INSERT INTO #ended (delivery_no, operation_id)
  SELECT d.delivery_no, d.operation_id FROM tgn.delivery d
  WHERE d.delivery_no > @after AND d.delivery_no <= @next AND d.bot_id = @bot_id AND d.state IN ('delivered', 'refused', 'skipped')
    AND d.operation_date < @before AND d.changed_utc < @before_utc;
  BEGIN TRY
    INSERT INTO #gone (delivery_no)
    SELECT e.delivery_no FROM #ended e WHERE NOT EXISTS (SELECT 1 FROM tgn.operation o WHERE o.operation_id = e.operation_id)
    OPTION (LOOP JOIN, MAXDOP 1);
  END TRY
  BEGIN CATCH
    IF ERROR_NUMBER() <> 1222 THROW;
  END CATCH;
  DELETE d FROM tgn.delivery d JOIN #gone g ON g.delivery_no = d.delivery_no
  WHERE d.bot_id = @bot_id AND d.state IN ('delivered', 'refused', 'skipped');
  SET @n = @@ROWCOUNT;
  SELECT @n AS n, CASE WHEN @looked = @chunk THEN @next END AS next;
END;
GO
