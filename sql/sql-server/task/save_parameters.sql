-- Keeps a task's parameters, as a new version where any differs from the newest one's. Parameters: @task_id; the task's own parameters as Tillypad
-- gives them, NULL for one that the task type doesn't have. No result. Locks: the new row.
-- Called by Tillypad's task, perhaps inside a till's own transaction and under any SET options: raises nothing, ends no transaction that it didn't
-- begin, only inserts. Changed by ALTER alone, and only by optional parameters, so that no call ever finds it missing.
IF OBJECT_ID(N'tgn_task.save_parameters', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.save_parameters AS RETURN');
GO
ALTER PROCEDURE tgn_task.save_parameters
  @task_id uniqueidentifier,
  @bot_token nvarchar(max) = NULL,
  @start_date sql_variant = NULL,
  @account_types nvarchar(max) = NULL,
  @customer_groups nvarchar(max) = NULL,
  @sms_operator nvarchar(max) = NULL,
  @api_key nvarchar(max) = NULL,
  @push_token nvarchar(max) = NULL,
  @sender_name nvarchar(max) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    -- Whatever level the task's transaction has: a lock kept to its end would stop other tills, and passing over locks works at few.
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DECLARE @id varchar(100), @version int, @newest nvarchar(max), @json nvarchar(max), @code int, @no int, @bot nvarchar(20);
    -- Character by character: in a collation of words some characters weigh nothing, and a search for one of them finds it everywhere.
    DECLARE @given TABLE (
      no int NOT NULL PRIMARY KEY, name nvarchar(40) COLLATE Latin1_General_BIN2 NOT NULL, value nvarchar(max) COLLATE Latin1_General_BIN2 NULL
    );
    IF @task_id IS NULL RETURN;
    SET @id = LOWER(CAST(@task_id AS char(36)));
    INSERT INTO @given (no, name, value)
    SELECT 1, N'BotToken', @bot_token
    -- A date as the program reads it, whatever the session's language; a text as it is. datetime2 holds every date there is: a conversion that
    -- fails dooms the till's transaction, also where it is caught.
    UNION ALL SELECT 2, N'StartDate', CASE
      WHEN CAST(SQL_VARIANT_PROPERTY(@start_date, 'BaseType') AS varchar(30)) IN ('date', 'datetime', 'datetime2', 'smalldatetime')
      THEN CONVERT(nvarchar(30), CAST(@start_date AS datetime2(3)), 121) ELSE CAST(@start_date AS nvarchar(4000)) END
    UNION ALL SELECT 3, N'ClientPurseTypes', @account_types
    UNION ALL SELECT 4, N'ClientGroups', @customer_groups
    UNION ALL SELECT 5, N'SmsOperator', @sms_operator
    UNION ALL SELECT 6, N'ApiKey', @api_key
    UNION ALL SELECT 7, N'PushToken', @push_token
    UNION ALL SELECT 8, N'SenderName', @sender_name;
    -- As JSON: no level of compatibility that Tillypad may have is needed for this.
    UPDATE @given SET value = REPLACE(REPLACE(value, N'\', N'\u005c'), N'"', N'\u0022');
    SET @code = 0;
    WHILE @code < 31
    BEGIN
      SET @code = @code + 1;
      UPDATE @given SET value = REPLACE(value, NCHAR(@code), N' ') WHERE CHARINDEX(NCHAR(@code), value) > 0;
    END;
    SELECT @json = N'{', @no = 0;
    WHILE @no < 8
    BEGIN
      SET @no = @no + 1;
      SELECT @json = @json + CASE WHEN @json = N'{' THEN N'"' ELSE N',"' END + name + N'":"' + value + N'"'
      FROM @given WHERE no = @no AND value IS NOT NULL;
    END;
    SET @json = @json + N'}';
    SET @bot = LEFT(@bot_token, CASE WHEN CHARINDEX(N':', @bot_token) BETWEEN 2 AND 19 THEN CHARINDEX(N':', @bot_token) - 1 ELSE 0 END);

    SELECT TOP (1) @version = version, @newest = parameters FROM tgn.task_parameters WHERE task_id = @id ORDER BY version DESC;
    IF @newest = @json COLLATE Latin1_General_BIN2 RETURN;
    INSERT INTO tgn.task_parameters (task_id, version, saved_utc, parameters, bot_id)
    SELECT @id, COALESCE(@version, 0) + 1, now_utc, @json,
      -- In a collation of words other signs stand between 0 and 9, which no number is made of.
      CASE WHEN @bot <> N'' AND @bot COLLATE Latin1_General_BIN2 NOT LIKE N'%[^0-9]%' THEN CAST(@bot AS bigint) END
    FROM tgn.clock;
  END TRY
  BEGIN CATCH
    -- The next event saves them.
    RETURN;
  END CATCH;
END;
GO
