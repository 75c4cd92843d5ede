-- What a task's own log should say: runs of its bots that ended with something a person must see. Parameters: @task_id; @after_run, the number of
-- the last run that was told before. Result: run_no, finished_at (wall clock), exit_code, message, oldest first, 20 at most; nothing is a result too.
-- Takes no lock that outlives it.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.read_log', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.read_log AS RETURN');
GO
ALTER PROCEDURE tgn_task.read_log
  @task_id nvarchar(100),
  @after_run int = 0
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    DECLARE @id varchar(100);
    SET @id = CAST(LEFT(LOWER(@task_id), 100) AS varchar(100));
    SELECT TOP (20)
      r.run_no, DATEADD(s, DATEDIFF(s, c.now_utc, c.wall_now), r.finished_utc) AS finished_at, r.exit_code,
      CASE r.exit_code
        WHEN 1 THEN N'Ошибка в программе; см. её журнал'
        WHEN 2 THEN N'Ошибка в настройках; выполните tp-tg-notify settings show'
        WHEN 4 THEN N'Есть уведомления с неизвестным исходом или отказы по нашей вине; выполните tp-tg-notify status'
        WHEN 5 THEN N'Учётная запись непригодна: токен, шлюз СМС, вебхук или второй читатель бота; выполните tp-tg-notify status'
        WHEN 6 THEN N'Схема журнала и программа не подходят друг другу; выполните tp-tg-notify upgrade'
        WHEN 7 THEN N'Это копия базы или база вернулась в прошлое; см. tp-tg-notify bind'
        WHEN 8 THEN N'Telegram или шлюз СМС недоступны; уведомления ждут и уйдут сами'
        WHEN 9 THEN N'Сработало ограничение; выполните tp-tg-notify status'
        ELSE N'Запуск прерван' END AS message
    FROM tgn.run r WITH (READCOMMITTEDLOCK, READPAST) CROSS JOIN tgn.clock c
    WHERE r.run_no > COALESCE(@after_run, 0) AND r.finished_utc IS NOT NULL AND r.exit_code <> 0
      AND r.bot_id IN (SELECT t.bot_id FROM tgn.task t WITH (READCOMMITTEDLOCK, READPAST) WHERE t.task_id = @id)
    ORDER BY r.run_no;
  END TRY
  BEGIN CATCH
    RETURN;
  END CATCH;
END;
GO
