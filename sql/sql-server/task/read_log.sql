-- What a task's own log should say: the newest run of its bots in the last day that ended with something a person must see, once, and the same thing
-- at most once an hour. Parameter: @task_id. Result: @message, NULL when there is nothing to say. Locks: the new row in tgn.task_log, which keeps
-- what was said.
-- Called by Tillypad's task, perhaps inside a till's own transaction and under any SET options: raises nothing, ends no transaction that it didn't
-- begin, only inserts. Changed by ALTER alone, and only by optional parameters, so that no call ever finds it missing.
IF OBJECT_ID(N'tgn_task.read_log', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.read_log AS RETURN');
GO
ALTER PROCEDURE tgn_task.read_log
  @task_id uniqueidentifier,
  @message nvarchar(2047) = NULL OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  SET @message = NULL;
  BEGIN TRY
    DECLARE @id varchar(100), @run_no int, @exit_code int, @now datetime2(3), @said_no int, @said_code int, @said_at datetime2(3), @line nvarchar(2047);
    SET @id = LOWER(CAST(@task_id AS char(36)));
    IF @id IS NULL RETURN;
    SELECT @now = now_utc FROM tgn.clock;
    SELECT TOP (1) @said_no = run_no, @said_code = exit_code, @said_at = said_utc FROM tgn.task_log WITH (READCOMMITTEDLOCK, READPAST)
    WHERE task_id = @id ORDER BY line_no DESC;
    SELECT TOP (1) @run_no = r.run_no, @exit_code = r.exit_code
    FROM tgn.run r WITH (READCOMMITTEDLOCK, READPAST)
    WHERE r.run_no > COALESCE(@said_no, 0) AND r.finished_utc >= DATEADD(day, -1, @now) AND r.exit_code <> 0
      AND (r.bot_id IN (SELECT t.bot_id FROM tgn.task t WITH (READCOMMITTEDLOCK, READPAST) WHERE t.task_id = @id)
        OR NOT EXISTS (SELECT 1 FROM tgn.task t WITH (READCOMMITTEDLOCK, READPAST) WHERE t.task_id = @id))
    ORDER BY r.run_no DESC;
    IF @run_no IS NULL OR (@exit_code = @said_code AND @said_at > DATEADD(hour, -1, @now)) RETURN;
    SET @line = CASE @exit_code
      WHEN 1 THEN N'ошибка в программе, см. её журнал'
      WHEN 2 THEN N'ошибка в настройках, выполните tp-tg-notify settings show'
      WHEN 3 THEN N'база данных была недоступна'
      WHEN 4 THEN N'есть уведомления с неизвестным исходом или отказы по нашей вине, выполните tp-tg-notify status'
      WHEN 5 THEN N'учётная запись непригодна: токен, шлюз СМС, вебхук или второй читатель бота, выполните tp-tg-notify status'
      WHEN 6 THEN N'схема журнала и программа не подходят друг другу, выполните tp-tg-notify upgrade'
      WHEN 7 THEN N'это копия базы или база вернулась в прошлое, см. tp-tg-notify bind'
      WHEN 8 THEN N'Telegram или шлюз СМС недоступны, уведомления ждут и уйдут сами'
      WHEN 9 THEN N'сработало ограничение, выполните tp-tg-notify status'
      ELSE N'запуск прерван' END;
    SET @line = N'tp-tg-notify, запуск ' + CAST(@run_no AS nvarchar(12)) + N', код ' + CAST(@exit_code AS nvarchar(12)) + N': ' + @line;
    INSERT INTO tgn.task_log (task_id, run_no, exit_code, said_utc) VALUES (@id, @run_no, @exit_code, @now);
    SET @message = @line;
  END TRY
  BEGIN CATCH
    RETURN;
  END CATCH;
END;
GO
