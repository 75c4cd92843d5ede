-- Keeps a task's parameters, as a new version where they differ from the newest one. Parameters: @task_id, Tillypad's id of the task;
-- @parameters, a JSON object of texts: {"BotToken":"...","StartDate":"2026-11-01"}. No result. Locks: the new row.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.save_parameters', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.save_parameters AS RETURN');
GO
ALTER PROCEDURE tgn_task.save_parameters
  @task_id nvarchar(100),
  @parameters nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    DECLARE @version int, @newest nvarchar(max);
    IF @task_id IS NULL OR @parameters IS NULL RETURN;
    SELECT TOP (1) @version = version, @newest = parameters FROM tgn.task_parameters
    WHERE task_id = CAST(LEFT(LOWER(@task_id), 100) AS varchar(100)) ORDER BY version DESC;
    IF @newest = @parameters COLLATE Latin1_General_BIN2 RETURN;
    INSERT INTO tgn.task_parameters (task_id, version, saved_utc, parameters)
    SELECT CAST(LEFT(LOWER(@task_id), 100) AS varchar(100)), COALESCE(@version, 0) + 1, now_utc, @parameters FROM tgn.clock;
  END TRY
  BEGIN CATCH
    -- The next event saves them.
    RETURN;
  END CATCH;
END;
GO
