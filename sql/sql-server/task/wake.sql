-- Leaves a word: something has happened, look. Parameters: @task_id, Tillypad's id of the task; @bot, the number before the colon of the bot's
-- token: without it, every bot that knows the task. No result. Locks: the new row.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.wake', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.wake AS RETURN');
GO
ALTER PROCEDURE tgn_task.wake
  @task_id nvarchar(100),
  @bot nvarchar(100) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    DECLARE @id varchar(100);
    SET @id = CAST(LEFT(LOWER(@task_id), 100) AS varchar(100));
    IF @id IS NULL RETURN;
    IF LEN(@bot) BETWEEN 1 AND 18 AND @bot NOT LIKE N'%[^0-9]%'
      INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc) SELECT CAST(@bot AS bigint), @id, 'event', now_utc FROM tgn.clock;
    ELSE
      INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc)
      SELECT t.bot_id, @id, 'event', c.now_utc FROM tgn.task t WITH (READCOMMITTEDLOCK, READPAST) CROSS JOIN tgn.clock c WHERE t.task_id = @id;
  END TRY
  BEGIN CATCH
    -- Without the word the schedule finds the operation.
    RETURN;
  END CATCH;
END;
GO
