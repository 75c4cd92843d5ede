/*
tp-tg-notify: tells regular customers in Telegram about movements on their accounts.
This script only passes the task's parameters on, wakes the program, and repeats in the task's log what a person must act upon.
It reads each parameter once, opens and ends no transaction, changes no row of Tillypad, and raises nothing.

CONTRACT: the four procedures that ScriptForTelegram_ClientOperations.sql creates in schema tgn_task. Tillypad's login has EXECUTE on that
schema and nothing else. They are called with XACT_ABORT OFF, inside or outside of a transaction, under any ANSI settings. Each of them
returns no rows, raises nothing, begins, commits and rolls back nothing it did not begin, waits for no lock longer than 2 seconds,
converts nothing that may fail, and only inserts. Later versions may add optional parameters; this text stays in imported files for years.

tgn_task.save_parameters
    @task_id          uniqueidentifier         key of the task; NULL: do nothing
    @bot_token        nvarchar(max)  = NULL
    @start_date       sql_variant    = NULL    date, datetime, datetime2 or text, as Tillypad gave it; the program converts it
    @account_types    nvarchar(max)  = NULL    ids of 36 characters, each followed by a semicolon, sorted and without repeats;
                                               empty: none chosen, so all; NULL: this task type has no such parameter
    @customer_groups  nvarchar(max)  = NULL    the same
    @sms_operator     nvarchar(max)  = NULL
    @api_key          nvarchar(max)  = NULL
    @push_token       nvarchar(max)  = NULL
    @sender_name      nvarchar(max)  = NULL
  Inserts a new version unless every value is the newest version's (NULL equals NULL).
tgn_task.wake
    @task_id          uniqueidentifier         NULL: a wake row for every task
  Inserts a wake row.
tgn_task.start
    @task_id          uniqueidentifier
  Starts the program in the way that was chosen by schedule and returns at once; with no way chosen it does nothing.
tgn_task.read_log
    @task_id          uniqueidentifier
    @message          nvarchar(2047) OUTPUT    the oldest line not yet given for this task, NULL when there is none
  Gives each line once.
*/
DECLARE @options int = @@OPTIONS;
SET NOCOUNT ON;
SET XACT_ABORT OFF;

DECLARE @task_id uniqueidentifier, @bot_token nvarchar(max), @start_date sql_variant, @account_types nvarchar(max), @customer_groups nvarchar(max),
	@sms_operator nvarchar(max), @api_key nvarchar(max), @push_token nvarchar(max), @sender_name nvarchar(max);
DECLARE @is_read bit = 0, @message nvarchar(2047), @line_no int, @left int;
DECLARE @lines table (line_no int NOT NULL IDENTITY(1, 1), line nvarchar(2047) NOT NULL);
--<filters>
DECLARE @chosen_types table (id uniqueidentifier NULL);
DECLARE @chosen_groups table (id uniqueidentifier NULL);
--</filters>

BEGIN TRY
	SET @task_id = %TaskID;
	SET @bot_token = %BotToken;
	SET @start_date = %StartDate;
	SET @sms_operator = %SmsOperator;
	SET @api_key = %ApiKey;
	SET @push_token = %PushToken;
	SET @sender_name = %SenderName;
--<filters>
	INSERT INTO @chosen_types (id) SELECT cptp_ID FROM %ClientPurseTypes;
	INSERT INTO @chosen_groups (id) SELECT clgr_ID FROM %ClientGroups;
	SET @account_types = ISNULL((SELECT DISTINCT CONVERT(nchar(36), id) + N';' FROM @chosen_types WHERE id IS NOT NULL ORDER BY 1 FOR XML PATH('')), N'');
	SET @customer_groups = ISNULL((SELECT DISTINCT CONVERT(nchar(36), id) + N';' FROM @chosen_groups WHERE id IS NOT NULL ORDER BY 1 FOR XML PATH('')), N'');
--</filters>
	SET @is_read = 1;
END TRY
BEGIN CATCH
	-- The number only: the text of an error may quote a token. In a transaction that can only be rolled back nothing may be written any more.
	IF XACT_STATE() <> -1 INSERT INTO @lines (line) VALUES (N'Параметры задачи не прочитаны, ошибка SQL ' + CONVERT(nvarchar(12), ERROR_NUMBER()));
END CATCH;

IF XACT_STATE() <> -1
BEGIN
	IF OBJECT_ID(N'tgn_task.save_parameters') IS NULL OR OBJECT_ID(N'tgn_task.wake') IS NULL OR OBJECT_ID(N'tgn_task.start') IS NULL OR OBJECT_ID(N'tgn_task.read_log') IS NULL
		INSERT INTO @lines (line) VALUES (N'Уведомления в Telegram не работают: в базе нет процедур tgn_task или у пользователя Tillypad нет права EXECUTE на эту схему. Выполните скрипт ScriptForTelegram_ClientOperations.sql в этой базе.');
	ELSE
	BEGIN
		BEGIN TRY
			IF @is_read = 1
				EXEC tgn_task.save_parameters @task_id = @task_id, @bot_token = @bot_token, @start_date = @start_date, @account_types = @account_types, @customer_groups = @customer_groups,
					@sms_operator = @sms_operator, @api_key = @api_key, @push_token = @push_token, @sender_name = @sender_name;
		END TRY
		BEGIN CATCH
			IF XACT_STATE() <> -1 INSERT INTO @lines (line) VALUES (N'Параметры задачи не сохранены, ошибка SQL ' + CONVERT(nvarchar(12), ERROR_NUMBER()));
		END CATCH;

		BEGIN TRY
			IF XACT_STATE() <> -1
			BEGIN
				EXEC tgn_task.wake @task_id = @task_id;
				EXEC tgn_task.start @task_id = @task_id;
			END;
		END TRY
		BEGIN CATCH
			IF XACT_STATE() <> -1 INSERT INTO @lines (line) VALUES (LEFT(N'Программа tp-tg-notify не запущена (её запустит расписание): ' + ERROR_MESSAGE(), 2047));
		END CATCH;

		SET @left = 20;
		BEGIN TRY
			WHILE @left > 0 AND XACT_STATE() <> -1
			BEGIN
				SET @message = NULL;
				EXEC tgn_task.read_log @task_id = @task_id, @message = @message OUTPUT;
				IF @message IS NULL BREAK;
				INSERT INTO @lines (line) VALUES (@message);
				SET @left = @left - 1;
			END;
		END TRY
		BEGIN CATCH
			IF XACT_STATE() <> -1 INSERT INTO @lines (line) VALUES (LEFT(N'Сообщения программы tp-tg-notify не прочитаны: ' + ERROR_MESSAGE(), 2047));
		END CATCH;
	END;
END;

BEGIN TRY
	SET @line_no = 1;
	WHILE @task_id IS NOT NULL AND XACT_STATE() <> -1 AND OBJECT_ID(N'tpsrv_AddTaskLogError') IS NOT NULL
	BEGIN
		SET @message = NULL;
		SELECT @message = line FROM @lines WHERE line_no = @line_no;
		IF @message IS NULL BREAK;
		EXEC tpsrv_AddTaskLogError @task_id, 1, @message, 1;
		SET @line_no = @line_no + 1;
	END;
END TRY
BEGIN CATCH
	SET @message = NULL;
END CATCH;

IF @options & 16384 <> 0 SET XACT_ABORT ON;
IF @options & 512 = 0 SET NOCOUNT OFF;
