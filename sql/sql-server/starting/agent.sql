-- tp-tg-notify: SQL Server Agent starts the program when Tillypad's task fires. For a sysadmin to run, once, and again when a path or an
-- account has changed. It makes: a login and msdb user tgn_agent (a member of SQLAgentUserRole and of nothing else; nobody knows its password),
-- a credential and a proxy for programs under the Windows account below, one job owned by tgn_agent, and msdb.dbo.tgn_start, which starts that
-- one job. Whoever may execute tgn_start can do nothing but start the notifier.
SET NOEXEC OFF;
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
SET NOCOUNT ON;
SET XACT_ABORT ON;
USE msdb;
GO
IF OBJECT_ID(N'tempdb..#tgn') IS NOT NULL DROP TABLE #tgn;
CREATE TABLE #tgn (
  database_name nvarchar(128) COLLATE DATABASE_DEFAULT NOT NULL,
  tillypad_login nvarchar(128) COLLATE DATABASE_DEFAULT NOT NULL,
  account nvarchar(256) COLLATE DATABASE_DEFAULT NOT NULL,
  password nvarchar(256) COLLATE DATABASE_DEFAULT NOT NULL,
  command nvarchar(3200) COLLATE DATABASE_DEFAULT NOT NULL
);
GO
INSERT INTO #tgn (database_name, tillypad_login, account, password, command) VALUES (
  -- Tillypad's database.
  {{database}},
  -- The login with which Tillypad's server opens that database. To find it: SELECT DISTINCT login_name, program_name FROM sys.dm_exec_sessions
  -- WHERE database_id = DB_ID(the database).
  {{login}},
  -- The Windows account under which the program runs.
  {{account}},
  -- Its password: put it in before running, take it out afterwards. Empty when the credential is there and stays as it is.
  N'',
  -- What the job runs.
  {{command}}
);
-- A local account is named with its machine.
UPDATE #tgn SET account = CAST(SERVERPROPERTY('MachineName') AS nvarchar(128)) + N'\' + account WHERE account <> N'' AND CHARINDEX(N'\', account) = 0;
GO
DECLARE @wrong nvarchar(400), @database nvarchar(128), @login nvarchar(128), @account nvarchar(256), @password nvarchar(256);
SELECT @database = database_name, @login = tillypad_login, @account = account, @password = password FROM #tgn;
SET @wrong = CASE
  WHEN CAST(SERVERPROPERTY('EngineEdition') AS int) NOT IN (2, 3) THEN N'This edition of SQL Server has no Agent that starts programs. Take another way.'
  WHEN CHARINDEX(N' on Linux', @@VERSION) > 0 THEN N'On Linux the Agent starts no programs. Take another way.'
  WHEN ISNULL(IS_SRVROLEMEMBER(N'sysadmin'), 0) = 0 THEN N'This script wants a sysadmin.'
  WHEN DB_ID(@database) IS NULL THEN N'There is no database of that name here.'
  WHEN OBJECT_ID(QUOTENAME(@database) + N'.tgn_admin.set_start_way', N'P') IS NULL THEN N'The ledger is not installed in that database: run tp-tg-notify install first.'
  WHEN @login = N'' THEN N'Put the login of the Tillypad server into this script, where it says so.'
  WHEN SUSER_SID(@login) IS NULL THEN N'There is no such login of the Tillypad server.'
  WHEN @account = N'' THEN N'Put the Windows account into this script, where it says so.'
  WHEN @password = N'' AND NOT EXISTS (SELECT 1 FROM sys.credentials WHERE name = N'tp-tg-notify' AND credential_identity = @account)
    THEN N'Put the password of the Windows account into this script, where it says so, and take it out afterwards.'
END;
IF @wrong IS NOT NULL
BEGIN
  RAISERROR (N'%s Nothing was changed.', 16, 1, @wrong);
  SET NOEXEC ON;
END;
GO
-- The owner of the job. Its password is random and kept nowhere: nobody logs in with it.
DECLARE @create nvarchar(400);
IF SUSER_ID(N'tgn_agent') IS NULL
BEGIN
  SET @create = N'CREATE LOGIN tgn_agent WITH PASSWORD = N''aA1!' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2) + N''', CHECK_EXPIRATION = OFF';
  EXEC (@create);
END;
IF USER_ID(N'tgn_agent') IS NULL CREATE USER tgn_agent FOR LOGIN tgn_agent;
IF ISNULL(IS_ROLEMEMBER(N'SQLAgentUserRole', N'tgn_agent'), 0) = 0 ALTER ROLE SQLAgentUserRole ADD MEMBER tgn_agent;
GO
-- The account of the program, as a proxy that only programs (CmdExec) and only tgn_agent may use.
DECLARE @account nvarchar(256), @password nvarchar(256), @sql nvarchar(2000), @proxy_id int;
SELECT @account = account, @password = password FROM #tgn;
IF @password <> N''
BEGIN
  SET @sql = CASE WHEN EXISTS (SELECT 1 FROM sys.credentials WHERE name = N'tp-tg-notify') THEN N'ALTER' ELSE N'CREATE' END
    + N' CREDENTIAL [tp-tg-notify] WITH IDENTITY = N''' + REPLACE(@account, N'''', N'''''') + N''', SECRET = N''' + REPLACE(@password, N'''', N'''''') + N'''';
  EXEC (@sql);
END;
IF NOT EXISTS (SELECT 1 FROM dbo.sysproxies WHERE name = N'tp-tg-notify')
  EXEC dbo.sp_add_proxy @proxy_name = N'tp-tg-notify', @credential_name = N'tp-tg-notify', @enabled = 1;
SELECT @proxy_id = proxy_id FROM dbo.sysproxies WHERE name = N'tp-tg-notify';
IF NOT EXISTS (SELECT 1 FROM dbo.sysproxysubsystem p JOIN dbo.syssubsystems s ON s.subsystem_id = p.subsystem_id WHERE p.proxy_id = @proxy_id AND s.subsystem = N'CmdExec')
  EXEC dbo.sp_grant_proxy_to_subsystem @proxy_name = N'tp-tg-notify', @subsystem_name = N'CmdExec';
IF NOT EXISTS (SELECT 1 FROM dbo.sysproxylogin WHERE proxy_id = @proxy_id AND sid = SUSER_SID(N'tgn_agent'))
  EXEC dbo.sp_grant_login_to_proxy @proxy_name = N'tp-tg-notify', @login_name = N'tgn_agent';
GO
-- The job: one step, no schedule of its own. A running one is left alone; its step is changed for the next time.
DECLARE @command nvarchar(3200), @job_id uniqueidentifier;
SELECT @command = command FROM #tgn;
SELECT @job_id = job_id FROM dbo.sysjobs WHERE name = N'tp-tg-notify';
IF @job_id IS NULL
BEGIN
  EXEC dbo.sp_add_job @job_name = N'tp-tg-notify', @enabled = 1, @owner_login_name = N'tgn_agent', @notify_level_eventlog = 0,
    @description = N'Tells regular customers in Telegram about movements on their accounts. Started by msdb.dbo.tgn_start.', @job_id = @job_id OUTPUT;
  EXEC dbo.sp_add_jobserver @job_id = @job_id;
END
ELSE EXEC dbo.sp_update_job @job_id = @job_id, @enabled = 1, @owner_login_name = N'tgn_agent';
IF EXISTS (SELECT 1 FROM dbo.sysjobsteps WHERE job_id = @job_id AND step_id = 1)
  EXEC dbo.sp_update_jobstep @job_id = @job_id, @step_id = 1, @subsystem = N'CmdExec', @command = @command, @proxy_name = N'tp-tg-notify';
ELSE
  EXEC dbo.sp_add_jobstep @job_id = @job_id, @step_id = 1, @step_name = N'run', @subsystem = N'CmdExec', @command = @command,
    @proxy_name = N'tp-tg-notify', @on_success_action = 1, @on_fail_action = 2;
GO
IF OBJECT_ID(N'dbo.tgn_start', N'P') IS NOT NULL DROP PROCEDURE dbo.tgn_start;
GO
-- Starts the notifier, or nothing when it runs already: the word that it is to look stands in the database by then. It raises nothing, as it
-- runs inside Tillypad's task. A stopped Agent and a running job are asked for beforehand: error 22022 of sp_start_job can't be caught.
CREATE PROCEDURE dbo.tgn_start
WITH EXECUTE AS 'tgn_agent'
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  DECLARE @ignored int;
  IF NOT EXISTS (SELECT 1 FROM sys.configurations WHERE name = N'Agent XPs' AND CAST(value_in_use AS int) = 1) RETURN;
  CREATE TABLE #activity (
    session_id int NULL, job_id uniqueidentifier NULL, job_name sysname NULL, run_requested_date datetime NULL,
    run_requested_source sysname NULL, queued_date datetime NULL, start_execution_date datetime NULL, last_executed_step_id int NULL,
    last_executed_step_date datetime NULL, stop_execution_date datetime NULL, next_scheduled_run_date datetime NULL, job_history_id int NULL,
    message nvarchar(4000) COLLATE DATABASE_DEFAULT NULL, run_status int NULL, operator_id_emailed int NULL, operator_id_netsent int NULL,
    operator_id_paged int NULL
  );
  BEGIN TRY
    INSERT INTO #activity EXEC dbo.sp_help_jobactivity @job_name = N'tp-tg-notify';
    IF EXISTS (SELECT 1 FROM #activity WHERE run_requested_date IS NOT NULL AND stop_execution_date IS NULL) RETURN;
    EXEC dbo.sp_start_job @job_name = N'tp-tg-notify', @output_flag = 0;
  END TRY
  BEGIN CATCH
    SET @ignored = ERROR_NUMBER();
  END CATCH;
END;
GO
-- Tillypad's login may execute tgn_start. A sysadmin may anyway.
DECLARE @login nvarchar(128), @user nvarchar(128), @sql nvarchar(1000);
SELECT @login = tillypad_login FROM #tgn;
IF ISNULL(IS_SRVROLEMEMBER(N'sysadmin', @login), 0) = 0
BEGIN
  SELECT @user = name FROM sys.database_principals WHERE sid = SUSER_SID(@login);
  IF @user IS NULL
  BEGIN
    SET @user = @login;
    SET @sql = N'CREATE USER ' + QUOTENAME(@user) + N' FOR LOGIN ' + QUOTENAME(@login);
    EXEC (@sql);
  END;
  SET @sql = N'GRANT EXECUTE ON dbo.tgn_start TO ' + QUOTENAME(@user);
  EXEC (@sql);
END;
GO
-- From now on Tillypad's task goes this way.
DECLARE @call nvarchar(300);
SELECT @call = QUOTENAME(database_name) + N'.tgn_admin.set_start_way' FROM #tgn;
EXEC @call 'agent';
PRINT N'tp-tg-notify: the Agent starts the program from now on.';
GO
SET NOEXEC OFF;
IF OBJECT_ID(N'tempdb..#tgn') IS NOT NULL DROP TABLE #tgn;
GO
-- To undo: tp-tg-notify schedule set --way none, then
--   USE msdb; DROP PROCEDURE dbo.tgn_start; EXEC dbo.sp_delete_job @job_name = N'tp-tg-notify'; EXEC dbo.sp_delete_proxy @proxy_name = N'tp-tg-notify';
--   DROP USER tgn_agent; DROP CREDENTIAL [tp-tg-notify]; DROP LOGIN tgn_agent;
