-- What a task is to write into its own log when it fires: each message once. Parameter: @task_id, Tillypad's id of the task. Result: message,
-- nvarchar(2000), oldest first, 20 at most; nothing is a result too. It inserts alone; locks: the new rows.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.read_log', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.read_log AS RETURN');
GO
ALTER PROCEDURE tgn_task.read_log
  @task_id nvarchar(100)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    DECLARE @id varchar(100), @now datetime2(3), @due tgn.number_list_1;
    SET @id = CAST(LEFT(LOWER(@task_id), 100) AS varchar(100));
    IF @id IS NULL RETURN;
    SELECT @now = now_utc FROM tgn.clock;

    -- Nobody has served the task's signals for half an hour: the program doesn't start, or ends before it gets there. The next run that does
    -- ends this cause. Words of a bot that the task had before say nothing.
    INSERT INTO tgn.task_message (task_id, cause, text, patience_ms, first_utc, last_utc)
    SELECT @id, 'word_unread',
      N'tp-tg-notify: Больше 30 минут ни один запуск не обслужил эту задачу: программа не запускается или сразу завершается. Гостям ничего не отправляется. Посмотрите на машине с программой: tp-tg-notify status, tp-tg-notify schedule check',
      0, @now, @now
    WHERE EXISTS (
        SELECT 1 FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST)
        WHERE w.task_id = @id AND w.kind <> 'run' AND w.served_utc IS NULL AND w.made_utc <= DATEADD(minute, -30, @now)
          AND w.bot_id = (SELECT TOP (1) n.bot_id FROM tgn.wake n WITH (READCOMMITTEDLOCK, READPAST) WHERE n.task_id = @id ORDER BY n.wake_no DESC))
      AND NOT EXISTS (
        SELECT 1 FROM tgn.task_message m WITH (READCOMMITTEDLOCK, READPAST)
        WHERE m.task_id = @id AND m.cause = 'word_unread' AND m.ended_utc IS NULL);

    INSERT INTO @due (no)
    SELECT TOP (20) m.message_no FROM tgn.task_message m WITH (READCOMMITTEDLOCK, READPAST)
    WHERE m.task_id IN (@id, '*')
      AND (m.patience_ms = 0 OR (m.ended_utc IS NULL AND DATEDIFF(second, m.first_utc, m.last_utc) >= m.patience_ms / 1000))
      AND NOT EXISTS (SELECT 1 FROM tgn.task_told t WITH (READCOMMITTEDLOCK, READPAST) WHERE t.message_no = m.message_no AND t.task_id = @id)
    ORDER BY m.message_no;
    INSERT INTO tgn.task_told (message_no, task_id, told_utc) SELECT no, @id, @now FROM @due;
    SELECT m.text AS message FROM tgn.task_message m WITH (READCOMMITTEDLOCK, READPAST) JOIN @due d ON d.no = m.message_no ORDER BY m.message_no;
  END TRY
  BEGIN CATCH
    RETURN;
  END CATCH;
END;
GO
