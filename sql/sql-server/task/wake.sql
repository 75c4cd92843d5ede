-- Leaves a word: something has happened, look. Parameter: @task_id, NULL for every task. The word goes to the bots that the task is known by, or
-- whose token its newest parameters name; a task that nobody knows wakes all. No result. Locks: the new rows.
-- Called by Tillypad's task, perhaps inside a till's own transaction and under any SET options: raises nothing, ends no transaction that it didn't
-- begin, only inserts. Changed by ALTER alone, and only by optional parameters, so that no call ever finds it missing.
IF OBJECT_ID(N'tgn_task.wake', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.wake AS RETURN');
GO
ALTER PROCEDURE tgn_task.wake
  @task_id uniqueidentifier
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    -- Whatever level the task's transaction has: a lock kept to its end would stop other tills, and passing over locks works at few.
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DECLARE @id varchar(100);
    DECLARE @words TABLE (bot_id bigint NOT NULL, task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL, PRIMARY KEY (bot_id, task_id));
    SET @id = LOWER(CAST(@task_id AS char(36)));
    -- NOLOCK: a run that is just planning has its task's row locked, and no word may be lost for that; a word only says that somebody is to look.
    INSERT INTO @words (bot_id, task_id)
    SELECT t.bot_id, t.task_id FROM tgn.task t WITH (NOLOCK) WHERE t.task_id = @id
    UNION
    SELECT p.bot_id, p.task_id FROM tgn.task_parameters p WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
    WHERE p.task_id = @id AND p.bot_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM tgn.task_parameters n WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) WHERE n.task_id = p.task_id AND n.version > p.version);
    IF NOT EXISTS (SELECT 1 FROM @words)
      INSERT INTO @words (bot_id, task_id) SELECT t.bot_id, t.task_id FROM tgn.task t WITH (NOLOCK);
    INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc) SELECT w.bot_id, w.task_id, 'event', c.now_utc FROM @words w CROSS JOIN tgn.clock c;
  END TRY
  BEGIN CATCH
    -- Without the word the schedule finds the operation.
    RETURN;
  END CATCH;
END;
GO
