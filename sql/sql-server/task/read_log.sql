-- One line that a task is to write into its own log when it fires: the oldest that it wasn't given yet, each once. Parameters: @task_id, Tillypad's id
-- of the task; @message, the line, null when there is none. No result sets. It inserts alone; locks: the new rows.
-- Called by Tillypad's task, perhaps inside a till's own transaction and under any SET options: raises nothing, ends no transaction that it didn't
-- begin, only inserts. Changed by ALTER alone, and only by optional parameters, so that no call ever finds it missing.
IF OBJECT_ID(N'tgn_task.read_log', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.read_log AS RETURN');
GO
ALTER PROCEDURE tgn_task.read_log
  @task_id nvarchar(100),
  @message nvarchar(2047) = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    -- Whatever level the task's transaction has: a lock kept to its end would stop other tills, and passing over locks works at few.
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DECLARE @id varchar(100), @now datetime2(3), @no bigint, @text nvarchar(2047), @bot bigint;
    SET @message = NULL;
    SET @id = CAST(LEFT(LOWER(@task_id), 100) AS varchar(100));
    IF @id IS NULL RETURN;
    SELECT @now = now_utc FROM tgn.clock;

    -- Nobody has served the task's signals for half an hour: the program doesn't start, or ends before it gets there. The next run that does
    -- ends this cause. Words of a bot that the task had before say nothing.
    SELECT TOP (1) @bot = n.bot_id FROM tgn.wake n WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) WHERE n.task_id = @id ORDER BY n.wake_no DESC;
    INSERT INTO tgn.task_message (task_id, cause, text, patience_ms, first_utc, last_utc)
    SELECT @id, 'word_unread',
      N'tp-tg-notify: Больше 30 минут ни один запуск не обслужил эту задачу: программа не запускается или сразу завершается. Гостям ничего не отправляется. Посмотрите на машине с программой: tp-tg-notify status, tp-tg-notify schedule check',
      0, @now, @now
    WHERE EXISTS (
        SELECT 1 FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
        WHERE w.task_id = @id AND w.kind <> 'run' AND w.served_utc IS NULL AND w.made_utc <= DATEADD(minute, -30, @now)
          AND w.bot_id = @bot)
      AND NOT EXISTS (
        SELECT 1 FROM tgn.task_message m WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
        WHERE m.task_id = @id AND m.cause = 'word_unread' AND m.ended_utc IS NULL);

    SELECT TOP (1) @no = m.message_no, @text = m.text FROM tgn.task_message m WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
    WHERE m.task_id IN (@id, '*')
      AND (m.patience_ms = 0 OR (m.ended_utc IS NULL AND DATEDIFF(second, m.first_utc, m.last_utc) >= m.patience_ms / 1000))
      AND NOT EXISTS (SELECT 1 FROM tgn.task_told t WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) WHERE t.message_no = m.message_no AND t.task_id = @id)
    ORDER BY m.message_no;
    IF @no IS NULL RETURN;
    INSERT INTO tgn.task_told (message_no, task_id, told_utc) VALUES (@no, @id, @now);
    -- Given only once it is known to be given: a line that can't be marked would be given without end.
    SET @message = @text;
  END TRY
  BEGIN CATCH
    RETURN;
  END CATCH;
END;
GO
