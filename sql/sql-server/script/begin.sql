-- tp-tg-notify: the ledger and its procedures for a Tillypad XL database on SQL Server 2016 or later, at any compatibility level from 100.
--
-- Run it in the Tillypad database as a member of db_owner. It may be run again at any time: what is there stays, what is older is brought up to
-- date. It adds the schemas tgn, tgn_task, tgn_admin and tgn_report and four roles; of Tillypad's own tables it alters none.
-- All up to the task procedures is one transaction: when anything fails, nothing is left, and the rest is skipped.
IF @@TRANCOUNT > 0
BEGIN
  PRINT N'A transaction is open in this session. It is rolled back: run the script again in a new query window.';
  ROLLBACK TRANSACTION;
END;
-- Whatever the window was set to: a transaction that begins by itself would take the script's second half back.
SET IMPLICIT_TRANSACTIONS OFF;
SET ROWCOUNT 0;
SET XACT_ABORT ON;
GO
SET NOCOUNT ON;
IF OBJECT_ID(N'tempdb..#tgn_step') IS NOT NULL DROP TABLE #tgn_step;
GO
-- What was done; the script's answer at its end. COLLATE: the server's collation may be another than the database's.
CREATE TABLE #tgn_step (no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, step nvarchar(100) COLLATE DATABASE_DEFAULT NOT NULL, did bit NOT NULL);
GO
-- A batch of its own, in words that every older server can read: THROW came with 2012, and a batch that can't be parsed says nothing at all.
-- Its state, 213, is what a program tells it by. Azure's own (5, 8) count their versions otherwise.
DECLARE @version nvarchar(100), @say nvarchar(2000);
SET @version = CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(100));
IF @@VERSION LIKE N'Microsoft SQL%' AND CAST(SERVERPROPERTY('EngineEdition') AS int) NOT IN (5, 8) AND CAST(PARSENAME(@version, 4) AS int) < 13
BEGIN
  SET @say = N'Нужен SQL Server 2016 или новее, всё дальнейшее пропускается / SQL Server 2016 or later is needed, all that follows is skipped: ' + @version;
  RAISERROR (@say, 16, 213);
END;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
DECLARE @say nvarchar(2000), @got int, @lock nvarchar(255), @found int, @sql nvarchar(400);
IF HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'CONTROL') = 0
BEGIN
  SET @say = N'Скрипт выполняет член роли db_owner / The script is run by a member of db_owner: ' + SUSER_SNAME();
  THROW 50229, @say, 1;
END;
IF DB_NAME() IN (N'master', N'model', N'msdb', N'tempdb') OR OBJECT_ID(N'dbo.tp_ClientPurseOperations') IS NULL AND OBJECT_ID(N'dbo.tp_Clients') IS NULL
BEGIN
  SET @say = N'Это не база Tillypad, выберите её и выполните скрипт снова / This is not the Tillypad database, choose it and run the script again: ' + DB_NAME();
  THROW 50215, @say, 1;
END;
IF CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS varchar(20)) = 'READ_ONLY'
BEGIN
  -- A readable secondary is read-only without having been set so.
  IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND is_read_only = 1)
  BEGIN
    SET @say = N'Это реплика группы доступности, выполните скрипт на основном сервере / This is a replica of an availability group, run the script on the primary server: ' + DB_NAME();
    THROW 50218, @say, 1;
  END;
  SET @say = N'База доступна только для чтения / The database is read-only: ' + DB_NAME();
  THROW 50206, @say, 1;
END;

BEGIN TRANSACTION;
SET @lock = N'tgn:' + DB_NAME() + N':schema';
-- Runs hold it Shared: they end before anything changes under them.
EXEC @got = sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 60000;
IF @got < 0
BEGIN
  SET @say = N'Идёт запуск tp-tg-notify, за минуту он не закончился; повторите позже / A run of tp-tg-notify did not end within a minute, try later: ' + @lock;
  THROW 50221, @say, 1;
END;
-- A denial to public binds a member of db_owner too, unless they are dbo: without this the script would see none of its own objects. It stands
-- again before this transaction ends.
IF SCHEMA_ID(N'tgn') IS NOT NULL AND @@VERSION LIKE N'Microsoft SQL%'
  EXEC (N'REVOKE SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::tgn FROM public');
IF OBJECT_ID(N'tgn.ledger_schema', N'U') IS NOT NULL
BEGIN
  EXEC sp_executesql N'SELECT @found = MAX(version) FROM tgn.ledger_schema', N'@found int OUTPUT', @found = @found OUTPUT;
  IF @found > 1
  BEGIN
    SET @say = N'Схема журнала новее этого скрипта, обновите программу / The ledger''s schema is newer than this script, update the program: ' + CAST(@found AS nvarchar(10));
    THROW 50214, @say, 1;
  END;
END;
INSERT INTO #tgn_step (step, did) VALUES (N'tillypad', 0);
INSERT INTO #tgn_step (step, did) SELECT N'was', CASE WHEN @found IS NULL THEN 0 ELSE 1 END;

IF SCHEMA_ID(N'tgn') IS NULL EXEC (N'CREATE SCHEMA tgn AUTHORIZATION dbo');
IF SCHEMA_ID(N'tgn_task') IS NULL EXEC (N'CREATE SCHEMA tgn_task AUTHORIZATION dbo');
IF SCHEMA_ID(N'tgn_admin') IS NULL EXEC (N'CREATE SCHEMA tgn_admin AUTHORIZATION dbo');
IF SCHEMA_ID(N'tgn_report') IS NULL EXEC (N'CREATE SCHEMA tgn_report AUTHORIZATION dbo');
GO
