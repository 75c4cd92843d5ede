-- Operations that were written or edited since the last look, whatever their date, where Tillypad keeps a rowversion of them: a look by dates
-- alone would find a back-dated one only when a longer look comes. The caller makes the table that it fills: #written (date, operation_id).
-- Parameters: the bot and its task; the dates that count, from @low to before @before; @version: below it the look sees everything, null when it
-- begins. It gives @version back as what the task's version becomes when the look is planned completely; null: the task's stays.
-- At most 20,000 at once: when somebody writes to all of them, an upgrade perhaps, each look takes the next ones. A task's version above the
-- database's is that of another database, or of this one before it was restored: nothing is found by it, and the look's end makes it known anew.
-- Locks: none that outlast a row's reading, and no transaction is open. Absence means never here, so a locked operation is waited for; when it
-- stays locked, nothing is found, and the next look begins where this one did.
DROP PROCEDURE IF EXISTS tgn.find_written;
GO
CREATE PROCEDURE tgn.find_written
  @bot_id bigint,
  @task_id varchar(100),
  @low datetime,
  @before datetime,
  @version bigint OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @since bigint, @first binary(8), @end binary(8), @read int;
  IF @version IS NULL SELECT @version = CAST(version AS bigint) FROM tgn.active_version;
  SELECT @since = version FROM tgn.task WHERE bot_id = @bot_id AND task_id = @task_id;
  IF @version IS NULL OR @since IS NULL OR @since >= @version RETURN;

  -- Compared as they are stored: a converted column would be read from its beginning.
  SELECT @first = CAST(@since AS binary(8)), @end = CAST(@version AS binary(8));
  CREATE TABLE #version (version binary(8) NOT NULL, date datetime NOT NULL, operation_id uniqueidentifier NOT NULL);
  BEGIN TRY
    INSERT INTO #version (version, date, operation_id)
    SELECT TOP (20001) o.version, o.date, o.operation_id FROM tgn.operation o
    WHERE o.version >= @first AND o.version < @end
    ORDER BY o.version
    OPTION (RECOMPILE, MAXDOP 1);
    SET @read = @@ROWCOUNT;
  END TRY
  BEGIN CATCH
    IF ERROR_NUMBER() <> 1222 THROW;
    SET @version = NULL;
    RETURN;
  END CATCH;
  IF @read > 20000
  BEGIN
    SELECT TOP (1) @end = version FROM #version ORDER BY version DESC;
    DELETE FROM #version WHERE version = @end;
    SET @version = CAST(@end AS bigint);
  END;
  -- MAX: what is edited while it is read may be met twice.
  INSERT INTO #written (date, operation_id)
  SELECT MAX(date), operation_id FROM #version WHERE date >= @low AND date < @before GROUP BY operation_id;
END;
GO
