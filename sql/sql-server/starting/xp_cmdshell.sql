-- tp-tg-notify: xp_cmdshell asks the Task Scheduler of Windows to start the program when Tillypad's task fires. For a sysadmin to run, once, and
-- again when an account has changed. It makes master.dbo.tgn_start, whose command is fixed: whoever may execute it can do nothing but start the
-- scheduler's entry tp-tg-notify. The right to xp_cmdshell is the procedure's by its signature; Tillypad's login gets none.
-- xp_cmdshell itself is not switched on here: that is for you to decide.
SET NOEXEC OFF;
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
SET NOCOUNT ON;
SET XACT_ABORT ON;
USE master;
GO
IF OBJECT_ID(N'tempdb..#tgn') IS NOT NULL DROP TABLE #tgn;
CREATE TABLE #tgn (
  database_name nvarchar(128) COLLATE DATABASE_DEFAULT NOT NULL,
  tillypad_login nvarchar(128) COLLATE DATABASE_DEFAULT NOT NULL,
  starter nvarchar(256) COLLATE DATABASE_DEFAULT NOT NULL,
  password nvarchar(256) COLLATE DATABASE_DEFAULT NOT NULL
);
GO
INSERT INTO #tgn (database_name, tillypad_login, starter, password) VALUES (
  -- Tillypad's database.
  {{database}},
  -- The login with which Tillypad's server opens that database. To find it: SELECT DISTINCT login_name, program_name FROM sys.dm_exec_sessions
  -- WHERE database_id = DB_ID(the database).
  {{login}},
  -- The Windows account that asks the scheduler, when that login is no sysadmin: SQL Server's proxy account for xp_cmdshell. One for the whole
  -- server: leave it empty where there is one already.
  {{starter}},
  -- Its password: put it in before running, take it out afterwards.
  N''
);
-- A local account is named with its machine.
UPDATE #tgn SET starter = CAST(SERVERPROPERTY('MachineName') AS nvarchar(128)) + N'\' + starter WHERE starter <> N'' AND CHARINDEX(N'\', starter) = 0;
GO
DECLARE @wrong nvarchar(400), @database nvarchar(128), @login nvarchar(128), @starter nvarchar(256), @password nvarchar(256), @is_admin bit, @has_proxy bit;
SELECT @database = database_name, @login = tillypad_login, @starter = starter, @password = password FROM #tgn;
SET @is_admin = ISNULL(IS_SRVROLEMEMBER(N'sysadmin', @login), 0);
SET @has_proxy = CASE WHEN EXISTS (SELECT 1 FROM sys.credentials WHERE name = N'##xp_cmdshell_proxy_account##') THEN 1 ELSE 0 END;
SET @wrong = CASE
  WHEN CHARINDEX(N' on Linux', @@VERSION) > 0 THEN N'There is no xp_cmdshell on Linux. Take another way.'
  WHEN ISNULL(IS_SRVROLEMEMBER(N'sysadmin'), 0) = 0 THEN N'This script wants a sysadmin.'
  WHEN DB_ID(@database) IS NULL THEN N'There is no database of that name here.'
  WHEN OBJECT_ID(QUOTENAME(@database) + N'.tgn_admin.set_start_way', N'P') IS NULL THEN N'The ledger is not installed in that database: run tp-tg-notify install first.'
  WHEN @login = N'' THEN N'Put the login of the Tillypad server into this script, where it says so.'
  WHEN SUSER_SID(@login) IS NULL THEN N'There is no such login of the Tillypad server.'
  WHEN NOT EXISTS (SELECT 1 FROM sys.configurations WHERE name = N'xp_cmdshell' AND CAST(value_in_use AS int) = 1)
    THEN N'xp_cmdshell is off. If you allow it: EXEC sp_configure ''show advanced options'', 1; RECONFIGURE; EXEC sp_configure ''xp_cmdshell'', 1; RECONFIGURE.'
  WHEN @is_admin = 0 AND @has_proxy = 0 AND (@starter = N'' OR @password = N'')
    THEN N'Put the starting Windows account and its password into this script, where it says so, and take the password out afterwards.'
END;
IF @wrong IS NOT NULL
BEGIN
  RAISERROR (N'%s Nothing was changed.', 16, 1, @wrong);
  SET NOEXEC ON;
END;
GO
DECLARE @starter nvarchar(256), @password nvarchar(256);
SELECT @starter = starter, @password = password FROM #tgn;
IF @starter <> N'' AND @password <> N'' EXEC dbo.sp_xp_cmdshell_proxy_account @starter, @password;
GO
IF OBJECT_ID(N'dbo.tgn_start', N'P') IS NOT NULL DROP PROCEDURE dbo.tgn_start;
IF USER_ID(N'tgn_shell') IS NOT NULL DROP USER tgn_shell;
IF CERT_ID(N'tgn_start') IS NOT NULL DROP CERTIFICATE tgn_start;
GO
-- Starts the scheduler's entry, which returns at once. It raises nothing, as it runs inside Tillypad's task; whether the program worked is read
-- from the ledger, never from here.
CREATE PROCEDURE dbo.tgn_start
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  DECLARE @ignored int;
  IF NOT EXISTS (SELECT 1 FROM sys.configurations WHERE name = N'xp_cmdshell' AND CAST(value_in_use AS int) = 1) RETURN;
  BEGIN TRY
    EXEC @ignored = dbo.xp_cmdshell N'schtasks /run /tn tp-tg-notify', no_output;
  END TRY
  BEGIN CATCH
    SET @ignored = ERROR_NUMBER();
  END CATCH;
END;
GO
-- The signature: a certificate whose private key is thrown away at once, so that nothing else can ever be signed with it.
DECLARE @secret nvarchar(100), @sql nvarchar(1000);
SET @secret = N'aA1!' + CONVERT(nvarchar(64), CRYPT_GEN_RANDOM(32), 2);
SET @sql = N'CREATE CERTIFICATE tgn_start ENCRYPTION BY PASSWORD = N''' + @secret + N''' WITH SUBJECT = N''tp-tg-notify'', EXPIRY_DATE = N''20991231'';
ADD SIGNATURE TO dbo.tgn_start BY CERTIFICATE tgn_start WITH PASSWORD = N''' + @secret + N''';
ALTER CERTIFICATE tgn_start REMOVE PRIVATE KEY;';
EXEC (@sql);
CREATE USER tgn_shell FROM CERTIFICATE tgn_start;
GRANT EXECUTE ON sys.xp_cmdshell TO tgn_shell;
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
EXEC @call 'xp_cmdshell';
PRINT N'tp-tg-notify: the Task Scheduler starts the program from now on.';
GO
SET NOEXEC OFF;
IF OBJECT_ID(N'tempdb..#tgn') IS NOT NULL DROP TABLE #tgn;
GO
-- To undo: tp-tg-notify schedule set --way none, then
--   USE master; DROP PROCEDURE dbo.tgn_start; DROP USER tgn_shell; DROP CERTIFICATE tgn_start;
