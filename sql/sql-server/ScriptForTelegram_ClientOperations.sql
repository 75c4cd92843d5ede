SET NOEXEC OFF;
GO

PRINT N'script/begin.sql';
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
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
  SET @say = (NCHAR(1053) + NCHAR(1091) + NCHAR(1078) + NCHAR(1077) + NCHAR(1085) + N' SQL Server 2016 ' + NCHAR(1080) + NCHAR(1083) + NCHAR(1080) + N' ' + NCHAR(1085) + NCHAR(1086) + NCHAR(1074) + NCHAR(1077) + NCHAR(1077) + N', ' + NCHAR(1074) + NCHAR(1089) + NCHAR(1105) + N' ' + NCHAR(1076) + NCHAR(1072) + NCHAR(1083) + NCHAR(1100) + NCHAR(1085) + NCHAR(1077) + NCHAR(1081) + NCHAR(1096) + NCHAR(1077) + NCHAR(1077) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1086) + NCHAR(1087) + NCHAR(1091) + NCHAR(1089) + NCHAR(1082) + NCHAR(1072) + NCHAR(1077) + NCHAR(1090) + NCHAR(1089) + NCHAR(1103) + N' / SQL Server 2016 or later is needed, all that follows is skipped: ') + @version;
  RAISERROR (@say, 16, 213);
END;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
DECLARE @say nvarchar(2000), @got int, @lock nvarchar(255), @found int, @sql nvarchar(400);
IF HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'CONTROL') = 0
BEGIN
  SET @say = (NCHAR(1057) + NCHAR(1082) + NCHAR(1088) + NCHAR(1080) + NCHAR(1087) + NCHAR(1090) + N' ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1103) + NCHAR(1077) + NCHAR(1090) + N' ' + NCHAR(1095) + NCHAR(1083) + NCHAR(1077) + NCHAR(1085) + N' ' + NCHAR(1088) + NCHAR(1086) + NCHAR(1083) + NCHAR(1080) + N' db_owner / The script is run by a member of db_owner: ') + SUSER_SNAME();
  THROW 50229, @say, 1;
END;
IF DB_NAME() IN (N'master', N'model', N'msdb', N'tempdb') OR OBJECT_ID(N'dbo.tp_ClientPurseOperations') IS NULL AND OBJECT_ID(N'dbo.tp_Clients') IS NULL
BEGIN
  SET @say = (NCHAR(1069) + NCHAR(1090) + NCHAR(1086) + N' ' + NCHAR(1085) + NCHAR(1077) + N' ' + NCHAR(1073) + NCHAR(1072) + NCHAR(1079) + NCHAR(1072) + N' Tillypad, ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1073) + NCHAR(1077) + NCHAR(1088) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1077) + NCHAR(1105) + N' ' + NCHAR(1080) + N' ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1089) + NCHAR(1082) + NCHAR(1088) + NCHAR(1080) + NCHAR(1087) + NCHAR(1090) + N' ' + NCHAR(1089) + NCHAR(1085) + NCHAR(1086) + NCHAR(1074) + NCHAR(1072) + N' / This is not the Tillypad database, choose it and run the script again: ') + DB_NAME();
  THROW 50215, @say, 1;
END;
IF CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS varchar(20)) = 'READ_ONLY'
BEGIN
  -- A readable secondary is read-only without having been set so.
  IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND is_read_only = 1)
  BEGIN
    SET @say = (NCHAR(1069) + NCHAR(1090) + NCHAR(1086) + N' ' + NCHAR(1088) + NCHAR(1077) + NCHAR(1087) + NCHAR(1083) + NCHAR(1080) + NCHAR(1082) + NCHAR(1072) + N' ' + NCHAR(1075) + NCHAR(1088) + NCHAR(1091) + NCHAR(1087) + NCHAR(1087) + NCHAR(1099) + N' ' + NCHAR(1076) + NCHAR(1086) + NCHAR(1089) + NCHAR(1090) + NCHAR(1091) + NCHAR(1087) + NCHAR(1085) + NCHAR(1086) + NCHAR(1089) + NCHAR(1090) + NCHAR(1080) + N', ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1089) + NCHAR(1082) + NCHAR(1088) + NCHAR(1080) + NCHAR(1087) + NCHAR(1090) + N' ' + NCHAR(1085) + NCHAR(1072) + N' ' + NCHAR(1086) + NCHAR(1089) + NCHAR(1085) + NCHAR(1086) + NCHAR(1074) + NCHAR(1085) + NCHAR(1086) + NCHAR(1084) + N' ' + NCHAR(1089) + NCHAR(1077) + NCHAR(1088) + NCHAR(1074) + NCHAR(1077) + NCHAR(1088) + NCHAR(1077) + N' / This is a replica of an availability group, run the script on the primary server: ') + DB_NAME();
    THROW 50218, @say, 1;
  END;
  SET @say = (NCHAR(1041) + NCHAR(1072) + NCHAR(1079) + NCHAR(1072) + N' ' + NCHAR(1076) + NCHAR(1086) + NCHAR(1089) + NCHAR(1090) + NCHAR(1091) + NCHAR(1087) + NCHAR(1085) + NCHAR(1072) + N' ' + NCHAR(1090) + NCHAR(1086) + NCHAR(1083) + NCHAR(1100) + NCHAR(1082) + NCHAR(1086) + N' ' + NCHAR(1076) + NCHAR(1083) + NCHAR(1103) + N' ' + NCHAR(1095) + NCHAR(1090) + NCHAR(1077) + NCHAR(1085) + NCHAR(1080) + NCHAR(1103) + N' / The database is read-only: ') + DB_NAME();
  THROW 50206, @say, 1;
END;

BEGIN TRANSACTION;
SET @lock = N'tgn:' + DB_NAME() + N':schema';
-- Runs hold it Shared: they end before anything changes under them.
EXEC @got = sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 60000;
IF @got < 0
BEGIN
  SET @say = (NCHAR(1048) + NCHAR(1076) + NCHAR(1105) + NCHAR(1090) + N' ' + NCHAR(1079) + NCHAR(1072) + NCHAR(1087) + NCHAR(1091) + NCHAR(1089) + NCHAR(1082) + N' tp-tg-notify, ' + NCHAR(1079) + NCHAR(1072) + N' ' + NCHAR(1084) + NCHAR(1080) + NCHAR(1085) + NCHAR(1091) + NCHAR(1090) + NCHAR(1091) + N' ' + NCHAR(1086) + NCHAR(1085) + N' ' + NCHAR(1085) + NCHAR(1077) + N' ' + NCHAR(1079) + NCHAR(1072) + NCHAR(1082) + NCHAR(1086) + NCHAR(1085) + NCHAR(1095) + NCHAR(1080) + NCHAR(1083) + NCHAR(1089) + NCHAR(1103) + N'; ' + NCHAR(1087) + NCHAR(1086) + NCHAR(1074) + NCHAR(1090) + NCHAR(1086) + NCHAR(1088) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1087) + NCHAR(1086) + NCHAR(1079) + NCHAR(1078) + NCHAR(1077) + N' / A run of tp-tg-notify did not end within a minute, try later: ') + @lock;
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
    SET @say = (NCHAR(1057) + NCHAR(1093) + NCHAR(1077) + NCHAR(1084) + NCHAR(1072) + N' ' + NCHAR(1078) + NCHAR(1091) + NCHAR(1088) + NCHAR(1085) + NCHAR(1072) + NCHAR(1083) + NCHAR(1072) + N' ' + NCHAR(1085) + NCHAR(1086) + NCHAR(1074) + NCHAR(1077) + NCHAR(1077) + N' ' + NCHAR(1101) + NCHAR(1090) + NCHAR(1086) + NCHAR(1075) + NCHAR(1086) + N' ' + NCHAR(1089) + NCHAR(1082) + NCHAR(1088) + NCHAR(1080) + NCHAR(1087) + NCHAR(1090) + NCHAR(1072) + N', ' + NCHAR(1086) + NCHAR(1073) + NCHAR(1085) + NCHAR(1086) + NCHAR(1074) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1086) + NCHAR(1075) + NCHAR(1088) + NCHAR(1072) + NCHAR(1084) + NCHAR(1084) + NCHAR(1091) + N' / The ledger''s schema is newer than this script, update the program: ') + CAST(@found AS nvarchar(10));
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
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'ledger/0001_invitations.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The SMS that invites a customer, and everybody who was weighed and not invited, with the reason: the twin of `invitation` in sql/sqlite/ledger,
-- with run_no where that has run_id. Caps count `segments`. Prices are decimal text, as the operator wrote them.
IF OBJECT_ID(N'tgn.invitation', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.invitation (
    invitation_no bigint IDENTITY (1, 1) NOT NULL CONSTRAINT pk_invitation PRIMARY KEY CLUSTERED,
    bot_id bigint NOT NULL,
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    customer_id uniqueidentifier NOT NULL,
    -- The newest that asked.
    operation_id uniqueidentifier NOT NULL,
    operation_date datetime NOT NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL
      CONSTRAINT ck_invitation_state CHECK (state IN ('planned', 'sending', 'accepted', 'refused', 'in_doubt', 'skipped')),
    -- Skip reason, refusal or doubt code.
    reason varchar(20) COLLATE Latin1_General_BIN2 NULL,
    number varchar(20) COLLATE Latin1_General_BIN2 NULL,
    segments int NULL,
    cost varchar(30) COLLATE Latin1_General_BIN2 NULL,
    gateway varchar(20) COLLATE Latin1_General_BIN2 NULL,
    gateway_id nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
    text nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    detail nvarchar(1000) NULL,
    tries smallint NOT NULL CONSTRAINT df_invitation_tries DEFAULT 0,
    -- Held: night, or the operator's word.
    not_before_utc datetime2(3) NULL,
    claim_id varchar(40) COLLATE Latin1_General_BIN2 NULL,
    run_no int NULL,
    planned_utc datetime2(3) NOT NULL,
    sent_utc datetime2(3) NULL,
    changed_utc datetime2(3) NOT NULL,
    -- What the operator said later.
    status varchar(20) COLLATE Latin1_General_BIN2 NULL,
    status_code nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
    status_utc datetime2(3) NULL,
    -- 1: accepted, and its fate isn't known yet. A filter can't say "status pending, unknown or none".
    awaits bit NOT NULL CONSTRAINT df_invitation_awaits DEFAULT 0,
    -- Who resolved it by hand and why.
    resolved nvarchar(400) COLLATE Latin1_General_BIN2 NULL
  );
  CREATE UNIQUE INDEX ux_invitation_waiting ON tgn.invitation (bot_id, customer_id) WHERE state IN ('planned', 'sending');
  -- Ask with a literal, as for deliveries.
  CREATE INDEX ix_invitation_planned ON tgn.invitation (bot_id, invitation_no) INCLUDE (task_id, customer_id, segments, not_before_utc)
    WHERE state = 'planned';
  CREATE INDEX ix_invitation_sending ON tgn.invitation (bot_id, run_no) INCLUDE (claim_id, changed_utc) WHERE state = 'sending';
  CREATE INDEX ix_invitation_customer ON tgn.invitation (bot_id, customer_id) INCLUDE (state, sent_utc, segments);
  -- What was spent: a month of it is read before each SMS.
  CREATE INDEX ix_invitation_sent ON tgn.invitation (bot_id, sent_utc) INCLUDE (segments) WHERE state IN ('sending', 'accepted', 'in_doubt');
  CREATE INDEX ix_invitation_open ON tgn.invitation (bot_id, gateway, status_utc, invitation_no) INCLUDE (gateway_id, sent_utc) WHERE awaits = 1;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- Customers of one page of a dry run, each with the newest operation that asks and how many there are.
IF TYPE_ID(N'tgn.invitee_list_1') IS NULL
  CREATE TYPE tgn.invitee_list_1 AS TABLE (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY,
    operation_id uniqueidentifier NOT NULL,
    -- yyyy-mm-ddThh:mm:ss.mmm.
    date varchar(23) COLLATE Latin1_General_BIN2 NOT NULL,
    operations int NOT NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What was decided of customers, in its order; without a state their operations ask no more, and there is no row.
IF TYPE_ID(N'tgn.weighed_list_1') IS NULL
  CREATE TYPE tgn.weighed_list_1 AS TABLE (
    seq int NOT NULL PRIMARY KEY,
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    customer_id uniqueidentifier NOT NULL,
    operation_id uniqueidentifier NOT NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NULL,
    number varchar(20) COLLATE Latin1_General_BIN2 NULL,
    segments int NULL,
    cost varchar(30) COLLATE Latin1_General_BIN2 NULL,
    gateway varchar(20) COLLATE Latin1_General_BIN2 NULL,
    not_before_utc datetime2(3) NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What became of SMS. state: accepted | refused | in_doubt | skipped, or planned for what was surely not sent and waits again.
IF TYPE_ID(N'tgn.sent_list_1') IS NULL
  CREATE TYPE tgn.sent_list_1 AS TABLE (
    seq int NOT NULL PRIMARY KEY,
    invitation_no bigint NOT NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NULL,
    number varchar(20) COLLATE Latin1_General_BIN2 NULL,
    segments int NULL,
    cost varchar(30) COLLATE Latin1_General_BIN2 NULL,
    gateway varchar(20) COLLATE Latin1_General_BIN2 NULL,
    gateway_id nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
    text nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    detail nvarchar(1000) NULL,
    tried int NOT NULL,
    not_before_utc datetime2(3) NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
IF TYPE_ID(N'tgn.status_list_1') IS NULL
  CREATE TYPE tgn.status_list_1 AS TABLE (
    invitation_no bigint NOT NULL PRIMARY KEY,
    gateway_id nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
    status varchar(20) COLLATE Latin1_General_BIN2 NOT NULL,
    code nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
    cost varchar(30) COLLATE Latin1_General_BIN2 NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'ledger/0001_ledger.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The ledger, schema 1, in schema tgn: the tables of sql/sqlite/ledger under the same names. Instants are UTC, datetime2(3), and end in
-- _utc; a wall clock is the server's local time as Tillypad stores it, datetime, and is only ever compared with operations' dates.
-- Codes are varchar in a binary collation, so that they mean the same whatever the database's collation is. A bot is its number.
-- Nothing here refers to Tillypad's tables: uninstalling leaves them as they were.
-- Two columns differ from the embedded twin, for the sake of a small row: delivery and attempt hold run_no where the twin has
-- run_id, and delivery holds task_no where the twin has task_id; tgn.run and tgn.task give the names. task.version has no twin: only SQL
-- Server keeps a rowversion.

IF OBJECT_ID(N'tgn.ledger_schema', N'U') IS NULL
  CREATE TABLE tgn.ledger_schema (
    version int NOT NULL CONSTRAINT pk_ledger_schema PRIMARY KEY CLUSTERED,
    installed_utc datetime2(3) NOT NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- What probing found on this site: 'phones' = 'child' and the like. Only install writes it; the run reads it with its procedures' rights.
IF OBJECT_ID(N'tgn.site', N'U') IS NULL
  CREATE TABLE tgn.site (
    name varchar(60) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT pk_site PRIMARY KEY CLUSTERED,
    value nvarchar(400) COLLATE Latin1_General_BIN2 NULL,
    -- Of a view's text as this script made it, so that an administrator's own is known by its difference.
    hash varbinary(32) NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- One row: where this ledger lives, so that a copy is silent.
IF OBJECT_ID(N'tgn.place', N'U') IS NULL
  CREATE TABLE tgn.place (
    only_row tinyint NOT NULL CONSTRAINT pk_place PRIMARY KEY CLUSTERED CONSTRAINT ck_place_only CHECK (only_row = 1),
    installation_id uniqueidentifier NOT NULL,
    -- Server (or availability group) and database it was installed on or bound to, one line.
    bound_to nvarchar(400) COLLATE Latin1_General_BIN2 NOT NULL,
    -- Of the current link key.
    key_fingerprint varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    -- 1: installed with --paused; a bot that is bound then starts out paused.
    paused bit NOT NULL CONSTRAINT df_place_paused DEFAULT 0,
    -- The database's recovery fork as a run last knew it: restoring a backup begins a new one. Null where the server doesn't tell.
    fork uniqueidentifier NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF OBJECT_ID(N'tgn.bot', N'U') IS NULL
  CREATE TABLE tgn.bot (
    bot_id bigint NOT NULL CONSTRAINT pk_bot PRIMARY KEY CLUSTERED,
    bound_utc datetime2(3) NOT NULL,
    -- Telegram's own, stored as received: never max().
    offset bigint NULL,
    polled_utc datetime2(3) NULL,
    -- A 429, remembered across processes.
    quiet_until_utc datetime2(3) NULL,
    -- Pause; 9999-12-31T23:59:59 = until resume.
    paused_until_utc datetime2(3) NULL,
    -- Details of operations before this are forgotten.
    pruned_to datetime NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF OBJECT_ID(N'tgn.run', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.run (
    run_no int IDENTITY (1, 1) NOT NULL CONSTRAINT pk_run PRIMARY KEY CLUSTERED,
    run_id varchar(40) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT ux_run_id UNIQUE NONCLUSTERED,
    bot_id bigint NOT NULL,
    started_utc datetime2(3) NOT NULL,
    heartbeat_utc datetime2(3) NOT NULL,
    finished_utc datetime2(3) NULL,
    host nvarchar(128) COLLATE Latin1_General_BIN2 NOT NULL,
    pid int NOT NULL,
    started_by varchar(20) COLLATE Latin1_General_BIN2 NOT NULL,
    -- Finished without an exit code: it died, and its last heartbeat is its end.
    exit_code int NULL,
    summary nvarchar(max) NULL
  );
  -- At most one a bot: opening a run ends what the dead left. It is what `busy` names and what every write is guarded by.
  CREATE INDEX ix_run_open ON tgn.run (bot_id, run_no) WHERE finished_utc IS NULL;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- Words: who wants a look. kind: run | event (Tillypad's task script) | schedule. No filtered index here nor on task_parameters: Tillypad's
-- task writes these two, perhaps with SET options under which a filtered index would refuse the row and undo a till's operation.
IF OBJECT_ID(N'tgn.wake', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.wake (
    wake_no bigint IDENTITY (1, 1) NOT NULL CONSTRAINT pk_wake PRIMARY KEY CLUSTERED,
    bot_id bigint NOT NULL,
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    kind varchar(10) COLLATE Latin1_General_BIN2 NOT NULL,
    made_utc datetime2(3) NOT NULL,
    served_utc datetime2(3) NULL
  );
  CREATE INDEX ix_wake_served ON tgn.wake (bot_id, served_utc, kind) INCLUDE (made_utc);
  -- A firing task asks which bot it spoke of last, and whether an older word is unread.
  CREATE INDEX ix_wake_task ON tgn.wake (task_id, wake_no) INCLUDE (bot_id);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- task_no stands for (bot_id, task_id) in tgn.delivery: plan adds the row where there is none.
IF OBJECT_ID(N'tgn.task', N'U') IS NULL
  CREATE TABLE tgn.task (
    bot_id bigint NOT NULL,
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    task_no int IDENTITY (1, 1) NOT NULL CONSTRAINT ux_task_no UNIQUE NONCLUSTERED,
    watermark datetime NULL,
    first_look_done bit NOT NULL CONSTRAINT df_task_first_look_done DEFAULT 0,
    overlap_look_at datetime NULL,
    deep_look_at datetime NULL,
    brake_held_at datetime NULL,
    -- Operations of a lower version have all been looked at; null before the first look, and where the site has no rowversion.
    version bigint NULL,
    CONSTRAINT pk_task PRIMARY KEY CLUSTERED (bot_id, task_id)
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- Since when a chosen type or group is told about; only items that the newest choice still covers. item_id '*' = all of the kind, else
-- lower-case GUID text.
IF OBJECT_ID(N'tgn.admitted', N'U') IS NULL
  CREATE TABLE tgn.admitted (
    bot_id bigint NOT NULL,
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    kind varchar(20) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT ck_admitted_kind CHECK (kind IN ('account_type', 'customer_group')),
    item_id varchar(36) COLLATE Latin1_General_BIN2 NOT NULL,
    since datetime NOT NULL,
    CONSTRAINT pk_admitted PRIMARY KEY CLUSTERED (bot_id, task_id, kind, item_id)
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- The newest committed version counts; written by tgn_task.save_parameters.
IF OBJECT_ID(N'tgn.task_parameters', N'U') IS NULL
  CREATE TABLE tgn.task_parameters (
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    version int NOT NULL,
    saved_utc datetime2(3) NOT NULL,
    -- A JSON object of texts, as Tillypad's form was filled in.
    parameters nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
    -- The number before the colon of their token: whom the task's words are for.
    bot_id bigint NULL,
    CONSTRAINT pk_task_parameters PRIMARY KEY CLUSTERED (task_id, version)
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF OBJECT_ID(N'tgn.chat', N'U') IS NULL
  CREATE TABLE tgn.chat (
    bot_id bigint NOT NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    language varchar(5) COLLATE Latin1_General_BIN2 NULL,
    -- Last notice claimed: at most one a second.
    written_utc datetime2(3) NULL,
    CONSTRAINT pk_chat PRIMARY KEY CLUSTERED (bot_id, chat_id)
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF OBJECT_ID(N'tgn.subscription', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.subscription (
    bot_id bigint NOT NULL,
    customer_id uniqueidentifier NOT NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL
      CONSTRAINT ck_subscription_state CHECK (state IN ('active', 'suspended', 'stopped', 'cleared')),
    origin varchar(10) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT ck_subscription_origin CHECK (origin IN ('link', 'legacy', 'note')),
    epoch int NOT NULL,
    changed_utc datetime2(3) NOT NULL,
    CONSTRAINT pk_subscription PRIMARY KEY CLUSTERED (bot_id, customer_id)
  );
  CREATE INDEX ix_subscription_chat ON tgn.subscription (bot_id, chat_id) INCLUDE (state);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- The note's mirror: what the note last said when we judged or wrote it, and what it should say (null = nothing).
IF OBJECT_ID(N'tgn.note_mirror', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.note_mirror (
    bot_id bigint NOT NULL,
    customer_id uniqueidentifier NOT NULL,
    noted nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    wanted nvarchar(32) COLLATE Latin1_General_BIN2 NULL,
    pending bit NOT NULL CONSTRAINT df_note_mirror_pending DEFAULT 0,
    failures int NOT NULL CONSTRAINT df_note_mirror_failures DEFAULT 0,
    failure nvarchar(1000) NULL,
    CONSTRAINT pk_note_mirror PRIMARY KEY CLUSTERED (bot_id, customer_id)
  );
  CREATE INDEX ix_note_mirror_pending ON tgn.note_mirror (bot_id, failures, customer_id) WHERE pending = 1;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF OBJECT_ID(N'tgn.refused_link', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.refused_link (
    refused_no bigint IDENTITY (1, 1) NOT NULL CONSTRAINT pk_refused_link PRIMARY KEY CLUSTERED,
    bot_id bigint NOT NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    update_id bigint NOT NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL,
    customer_id uniqueidentifier NULL,
    at_utc datetime2(3) NOT NULL,
    CONSTRAINT ux_refused_link_update UNIQUE NONCLUSTERED (bot_id, update_id)
  );
  CREATE INDEX ix_refused_link_at ON tgn.refused_link (bot_id, at_utc) INCLUDE (reason, chat_id);
  CREATE INDEX ix_refused_link_customer ON tgn.refused_link (customer_id) WHERE customer_id IS NOT NULL;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- 118 bytes a delivered row, 132 one skipped as not_subscribed: ten million of them are a gigabyte and a bit.
IF OBJECT_ID(N'tgn.delivery', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.delivery (
    delivery_no bigint IDENTITY (1, 1) NOT NULL CONSTRAINT pk_delivery PRIMARY KEY CLUSTERED,
    bot_id bigint NOT NULL,
    operation_id uniqueidentifier NOT NULL,
    task_no int NOT NULL,
    customer_id uniqueidentifier NOT NULL,
    operation_date datetime NOT NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL
      CONSTRAINT ck_delivery_state CHECK (state IN ('planned', 'sending', 'delivered', 'refused', 'in_doubt', 'skipped')),
    -- Skip reason, refusal or doubt code.
    reason varchar(20) COLLATE Latin1_General_BIN2 NULL,
    -- 1: told once more after a doubt, marked.
    repeat bit NOT NULL CONSTRAINT df_delivery_repeat DEFAULT 0,
    tries smallint NOT NULL CONSTRAINT df_delivery_tries DEFAULT 0,
    not_before_utc datetime2(3) NULL,
    -- The last attempt; the run that sends or sent it.
    attempt_no bigint NULL,
    run_no int NULL,
    planned_utc datetime2(3) NOT NULL,
    changed_utc datetime2(3) NOT NULL,
    -- Who resolved it by hand and why.
    resolved nvarchar(400) COLLATE Latin1_General_BIN2 NULL,
    -- 1: skipped(not_subscribed), and nobody has weighed yet whether to invite.
    asks bit NOT NULL CONSTRAINT df_delivery_asks DEFAULT 0
  );
  CREATE UNIQUE INDEX ux_delivery_operation ON tgn.delivery (bot_id, operation_id) INCLUDE (state) WITH (FILLFACTOR = 80);
  -- Open rows only: an idle run never pays for the past. Ask with a literal, state = 'planned', or the optimizer can't use it.
  CREATE INDEX ix_delivery_open ON tgn.delivery (bot_id, state, customer_id, operation_date, operation_id)
    INCLUDE (attempt_no, run_no, not_before_utc, repeat, changed_utc) WHERE state IN ('planned', 'sending', 'in_doubt');
  CREATE INDEX ix_delivery_customer ON tgn.delivery (bot_id, customer_id, operation_date);
  CREATE INDEX ix_delivery_asks ON tgn.delivery (bot_id, task_no, customer_id, operation_date, operation_id) WHERE asks = 1;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF OBJECT_ID(N'tgn.attempt', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.attempt (
    attempt_no bigint IDENTITY (1, 1) NOT NULL CONSTRAINT pk_attempt PRIMARY KEY CLUSTERED,
    bot_id bigint NOT NULL,
    run_no int NOT NULL,
    claim_id varchar(40) COLLATE Latin1_General_BIN2 NOT NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    started_utc datetime2(3) NOT NULL,
    finished_utc datetime2(3) NULL,
    outcome varchar(10) COLLATE Latin1_General_BIN2 NULL,
    code varchar(20) COLLATE Latin1_General_BIN2 NULL,
    detail nvarchar(1000) NULL,
    message_id varchar(20) COLLATE Latin1_General_BIN2 NULL,
    repeat bit NOT NULL CONSTRAINT df_attempt_repeat DEFAULT 0,
    length int NULL
  );
  CREATE INDEX ix_attempt_claim ON tgn.attempt (claim_id);
  -- Calls on the wire: few at any time, though the table keeps them all.
  CREATE INDEX ix_attempt_open ON tgn.attempt (bot_id, run_no) INCLUDE (chat_id) WHERE finished_utc IS NULL;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- Attempts before a delivery's last one: a row only for what was tried more than once.
IF OBJECT_ID(N'tgn.earlier_attempt', N'U') IS NULL
  CREATE TABLE tgn.earlier_attempt (
    delivery_no bigint NOT NULL,
    attempt_no bigint NOT NULL,
    CONSTRAINT pk_earlier_attempt PRIMARY KEY CLUSTERED (delivery_no, attempt_no)
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- The one place from which every procedure reads the time, so that a test can put its own in place. now_utc: UTC; wall_now: the server's
-- wall clock, in which operations are dated.
IF OBJECT_ID(N'tgn.clock', N'V') IS NULL
  EXEC (N'CREATE VIEW tgn.clock AS SELECT CAST(SYSUTCDATETIME() AS datetime2(3)) AS now_utc, GETDATE() AS wall_now');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- Where this database is: the availability group's own id where there is one, so that all its replicas are one place, else the server's name;
-- and the database's name. A copy on another server, or beside the original, is another place.
IF OBJECT_ID(N'tgn.here', N'V') IS NULL
  EXEC (N'CREATE VIEW tgn.here AS
SELECT CAST(
  COALESCE(N''AG '' + CAST(d.group_database_id AS nvarchar(36)), CAST(SERVERPROPERTY(''ServerName'') AS nvarchar(256))) + N''/'' + DB_NAME()
  AS nvarchar(400)) COLLATE Latin1_General_BIN2 AS place
FROM sys.databases d WHERE d.database_id = DB_ID()');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'ledger/0001_task_log.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What the logs of Tillypad's tasks are to say, and how those tasks start the program: the twins of task_message, task_told and start_way of
-- sql/sqlite/ledger. A run writes messages (tgn.save_task_messages), a task takes them (tgn_task.read_log); the task inserts alone, so whether a
-- message was told stands in a table of its own. No filtered index here: the task's SET options may be any.
IF OBJECT_ID(N'tgn.task_message', N'U') IS NULL
BEGIN
  CREATE TABLE tgn.task_message (
    message_no bigint IDENTITY (1, 1) NOT NULL CONSTRAINT pk_task_message PRIMARY KEY CLUSTERED,
    -- '*' = every task.
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    cause varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    text nvarchar(2000) COLLATE Latin1_General_BIN2 NOT NULL,
    -- Told only when it has gone on for so long; 0 = at once, also when it is over by then.
    patience_ms int NOT NULL,
    first_utc datetime2(3) NOT NULL,
    last_utc datetime2(3) NOT NULL,
    ended_utc datetime2(3) NULL
  );
  CREATE INDEX ix_task_message_task ON tgn.task_message (task_id, cause, message_no) INCLUDE (ended_utc);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF OBJECT_ID(N'tgn.task_told', N'U') IS NULL
  CREATE TABLE tgn.task_told (
    message_no bigint NOT NULL,
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    told_utc datetime2(3) NOT NULL,
    CONSTRAINT pk_task_told PRIMARY KEY CLUSTERED (message_no, task_id)
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- One row, or none before anybody chose, which is like none.
IF OBJECT_ID(N'tgn.start_way', N'U') IS NULL
  CREATE TABLE tgn.start_way (
    only_row tinyint NOT NULL CONSTRAINT pk_start_way PRIMARY KEY CLUSTERED CONSTRAINT ck_start_way_only CHECK (only_row = 1),
    way varchar(20) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT ck_start_way CHECK (way IN ('agent', 'xp_cmdshell', 'none')),
    changed_utc datetime2(3) NOT NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF TYPE_ID(N'tgn.message_list_1') IS NULL
  CREATE TYPE tgn.message_list_1 AS TABLE (
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    cause varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    text nvarchar(2000) COLLATE Latin1_General_BIN2 NOT NULL,
    patience_ms int NOT NULL,
    PRIMARY KEY (task_id, cause)
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'ledger/0001_types.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Table types: how a set comes in as one parameter. A type can't be altered while a procedure names it, so a changed one gets the next number
-- and the old one stays until the release after. Types of single calls stand with their own shape; the lists serve everybody.

IF TYPE_ID(N'tgn.id_list_1') IS NULL
  CREATE TYPE tgn.id_list_1 AS TABLE (id uniqueidentifier NOT NULL PRIMARY KEY);
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- Codes and numbers-as-text: task ids, chat ids.
IF TYPE_ID(N'tgn.text_list_1') IS NULL
  CREATE TYPE tgn.text_list_1 AS TABLE (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- Row numbers of our own tables.
IF TYPE_ID(N'tgn.number_list_1') IS NULL
  CREATE TYPE tgn.number_list_1 AS TABLE (no bigint NOT NULL PRIMARY KEY);
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF TYPE_ID(N'tgn.subscription_list_1') IS NULL
  CREATE TYPE tgn.subscription_list_1 AS TABLE (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL,
    origin varchar(10) COLLATE Latin1_General_BIN2 NOT NULL,
    epoch int NOT NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF TYPE_ID(N'tgn.chat_list_1') IS NULL
  CREATE TYPE tgn.chat_list_1 AS TABLE (
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY,
    language varchar(5) COLLATE Latin1_General_BIN2 NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

IF TYPE_ID(N'tgn.refused_list_1') IS NULL
  CREATE TYPE tgn.refused_list_1 AS TABLE (
    update_id bigint NOT NULL PRIMARY KEY,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL,
    customer_id uniqueidentifier NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- Judged notes; the subscription's columns are null where nothing changes.
IF TYPE_ID(N'tgn.note_list_1') IS NULL
  CREATE TYPE tgn.note_list_1 AS TABLE (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY,
    noted nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NULL,
    origin varchar(10) COLLATE Latin1_General_BIN2 NULL,
    epoch int NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'ledger/0001_types_claim.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Table types of advance: the calls that ended, in their order, and the rows that were not in their messages.
IF TYPE_ID(N'tgn.finished_list_1') IS NULL
  CREATE TYPE tgn.finished_list_1 AS TABLE (
    seq int NOT NULL PRIMARY KEY,
    attempt_no bigint NOT NULL,
    outcome varchar(10) COLLATE Latin1_General_BIN2 NOT NULL,
    code varchar(20) COLLATE Latin1_General_BIN2 NULL,
    detail nvarchar(1000) NULL,
    message_id varchar(20) COLLATE Latin1_General_BIN2 NULL,
    length int NOT NULL,
    suspend_chat bit NOT NULL,
    not_before_utc datetime2(3) NULL
  );
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
IF TYPE_ID(N'tgn.released_list_1') IS NULL
  CREATE TYPE tgn.released_list_1 AS TABLE (attempt_no bigint NOT NULL, delivery_no bigint NOT NULL, PRIMARY KEY (attempt_no, delivery_no));
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'tillypad/0_probe.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What this site has. Metadata is asked for here and nowhere else: a login that may only execute sees none of it. What was found stands in
-- tgn.site; a table or a column that nothing can do without stops the script here, before anything of ours reads it.
DECLARE @missing nvarchar(2048);
-- FOR XML puts a list together in the order asked for, which adding up in a variable doesn't promise.
SET @missing = (SELECT N', ' + w.name
FROM (VALUES (1, N'tp_ClientPurseOperations'), (2, N'tp_Clients'), (3, N'tp_NoteTypes'), (4, N'tp_Notes'), (5, N'tp_ClientGroups'),
  (6, N'tp_ClientPurseTypes'), (7, N'tp_AuthorizationOperations'), (8, N'tp_Divisions')) w (no, name)
WHERE OBJECT_ID(N'dbo.' + w.name) IS NULL
ORDER BY w.no FOR XML PATH(''));
IF @missing <> N''
BEGIN
  SET @missing = LEFT((NCHAR(1053) + NCHAR(1077) + N' ' + NCHAR(1085) + NCHAR(1072) + NCHAR(1081) + NCHAR(1076) + NCHAR(1077) + NCHAR(1085) + NCHAR(1099) + N' ' + NCHAR(1090) + NCHAR(1072) + NCHAR(1073) + NCHAR(1083) + NCHAR(1080) + NCHAR(1094) + NCHAR(1099) + N' Tillypad / Tillypad tables are missing: ') + STUFF(@missing, 1, 2, N''), 2000);
  THROW 50208, @missing, 1;
END;

SET @missing = (SELECT N', ' + w.table_name + N'.' + w.column_name
FROM (VALUES
  (1, N'tp_ClientPurseOperations', N'cpop_ID', N'uniqueidentifier'), (2, N'tp_ClientPurseOperations', N'cpop_clnt_ID', N'uniqueidentifier'),
  (3, N'tp_ClientPurseOperations', N'cpop_cptp_ID', N'uniqueidentifier'), (4, N'tp_ClientPurseOperations', N'cpop_atop_ID', N'uniqueidentifier'),
  (5, N'tp_ClientPurseOperations', N'cpop_cpop_ID_Return', N'uniqueidentifier'), (6, N'tp_ClientPurseOperations', N'cpop_Date', N'datetime'),
  (7, N'tp_ClientPurseOperations', N'cpop_Name', NULL), (8, N'tp_ClientPurseOperations', N'cpop_Description', NULL),
  (9, N'tp_ClientPurseOperations', N'cpop_Sum', N'numeric'),
  (10, N'tp_Clients', N'clnt_ID', N'uniqueidentifier'), (11, N'tp_Clients', N'clnt_clgr_ID', N'uniqueidentifier'),
  (12, N'tp_Clients', N'clnt_del_ID', N'uniqueidentifier'), (13, N'tp_Clients', N'clnt_lggr_ID', N'uniqueidentifier'),
  (14, N'tp_Clients', N'clnt_Name', NULL), (15, N'tp_Clients', N'clnt_IsDisabled', N'bit'),
  (16, N'tp_ClientGroups', N'clgr_ID', N'uniqueidentifier'), (17, N'tp_ClientGroups', N'clgr_clgr_ID_Parent', N'uniqueidentifier'),
  (18, N'tp_ClientGroups', N'clgr_del_ID', N'uniqueidentifier'), (19, N'tp_ClientGroups', N'clgr_Name', NULL),
  (20, N'tp_ClientGroups', N'clgr_IsDisabled', N'bit'),
  (21, N'tp_ClientPurseTypes', N'cptp_ID', N'uniqueidentifier'), (22, N'tp_ClientPurseTypes', N'cptp_Name', NULL),
  (23, N'tp_AuthorizationOperations', N'atop_ID', N'uniqueidentifier'), (24, N'tp_AuthorizationOperations', N'atop_dvsn_ID', N'uniqueidentifier'),
  (25, N'tp_Divisions', N'dvsn_ID', N'uniqueidentifier'), (26, N'tp_Divisions', N'dvsn_Name', NULL),
  (27, N'tp_NoteTypes', N'nttp_ID', N'uniqueidentifier'), (28, N'tp_NoteTypes', N'nttp_vdt_ID', N'int'), (29, N'tp_NoteTypes', N'nttp_Name', NULL),
  (30, N'tp_NoteTypes', N'nttp_del_ID', N'uniqueidentifier'), (31, N'tp_NoteTypes', N'nttp_IsDisabled', N'bit'),
  (32, N'tp_Notes', N'note_ID', N'uniqueidentifier'), (33, N'tp_Notes', N'note_nttp_ID', N'uniqueidentifier'),
  (34, N'tp_Notes', N'note_obj_ID', N'uniqueidentifier'), (35, N'tp_Notes', N'note_item_ID', N'uniqueidentifier'),
  (36, N'tp_Notes', N'note_Date', N'datetime'), (37, N'tp_Notes', N'note_Value', N'sql_variant')
) w (no, table_name, column_name, type_name)
LEFT JOIN INFORMATION_SCHEMA.COLUMNS c
  ON c.TABLE_SCHEMA = N'dbo' AND c.TABLE_NAME = w.table_name COLLATE DATABASE_DEFAULT AND c.COLUMN_NAME = w.column_name COLLATE DATABASE_DEFAULT
WHERE c.COLUMN_NAME IS NULL
  OR (w.type_name IS NOT NULL AND c.DATA_TYPE <> w.type_name COLLATE DATABASE_DEFAULT AND NOT (w.type_name = N'numeric' AND c.DATA_TYPE IN (N'decimal', N'money')))
ORDER BY w.no FOR XML PATH(''));
IF @missing <> N''
BEGIN
  SET @missing = LEFT((NCHAR(1053) + NCHAR(1077) + NCHAR(1090) + N' ' + NCHAR(1089) + NCHAR(1090) + NCHAR(1086) + NCHAR(1083) + NCHAR(1073) + NCHAR(1094) + NCHAR(1086) + NCHAR(1074) + N' ' + NCHAR(1080) + NCHAR(1083) + NCHAR(1080) + N' ' + NCHAR(1086) + NCHAR(1085) + NCHAR(1080) + N' ' + NCHAR(1076) + NCHAR(1088) + NCHAR(1091) + NCHAR(1075) + NCHAR(1086) + NCHAR(1075) + NCHAR(1086) + N' ' + NCHAR(1090) + NCHAR(1080) + NCHAR(1087) + NCHAR(1072) + N' / Columns are missing or of another type: ') + STUFF(@missing, 1, 2, N''), 2000);
  THROW 50216, @missing, 1;
END;

-- A procedure of ours may read a table of theirs without any right of its caller only where both have one owner.
SET @missing = (SELECT N', ' + o.name
FROM sys.objects o
WHERE o.schema_id = SCHEMA_ID(N'dbo') AND o.principal_id IS NOT NULL
  AND o.name IN (N'tp_ClientPurseOperations', N'tp_Clients', N'tp_ClientGroups', N'tp_ClientPurseTypes', N'tp_AuthorizationOperations',
    N'tp_Divisions', N'tp_NoteTypes', N'tp_Notes', N'tp_NoteTypeObjects', N'tp_ClientPhones', N'tp_People')
ORDER BY o.name FOR XML PATH(''));
IF @missing <> N''
BEGIN
  SET @missing = LEFT((NCHAR(1058) + NCHAR(1072) + NCHAR(1073) + NCHAR(1083) + NCHAR(1080) + NCHAR(1094) + NCHAR(1099) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1080) + NCHAR(1085) + NCHAR(1072) + NCHAR(1076) + NCHAR(1083) + NCHAR(1077) + NCHAR(1078) + NCHAR(1072) + NCHAR(1090) + N' ' + NCHAR(1085) + NCHAR(1077) + N' dbo / Tables have another owner than dbo: ') + STUFF(@missing, 1, 2, N''), 2000);
  THROW 50209, @missing, 1;
END;

DELETE FROM tgn.site WHERE name NOT LIKE 'view %';
-- COLLATE: the server's own views name some things in a collation of their own, and rows of two collations can't stand in one list.
INSERT INTO tgn.site (name, value)
SELECT 'phones_child', CASE WHEN COL_LENGTH(N'dbo.tp_ClientPhones', N'clph_Phone') IS NULL OR COL_LENGTH(N'dbo.tp_ClientPhones', N'clph_clnt_ID') IS NULL
  OR COL_LENGTH(N'dbo.tp_ClientPhones', N'clph_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'phones_xml', CASE WHEN COL_LENGTH(N'dbo.tp_Clients', N'clnt_Phones') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'phones_profile', CASE WHEN COL_LENGTH(N'dbo.tp_People', N'pepl_PhoneCell') IS NULL OR COL_LENGTH(N'dbo.tp_People', N'pepl_ID') IS NULL
  OR COL_LENGTH(N'dbo.tp_People', N'pepl_del_ID') IS NULL OR COL_LENGTH(N'dbo.tp_Clients', N'clnt_pepl_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'account_type_bin', CASE WHEN COL_LENGTH(N'dbo.tp_ClientPurseTypes', N'cptp_del_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'multilingual', CASE WHEN OBJECT_ID(N'dbo.f_MultiLanguageStringToStringByLanguage1') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'logon', CASE WHEN OBJECT_ID(N'dbo.tpsrv_logon') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'note_objects', CASE WHEN OBJECT_ID(N'dbo.tp_NoteTypeObjects') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'object_kinds', CASE WHEN OBJECT_ID(N'dbo.sys_Tables') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'note_object_kind', CASE WHEN COL_LENGTH(N'dbo.tp_Notes', N'note_tpsyso_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'rowversion', MAX(c.COLUMN_NAME) COLLATE DATABASE_DEFAULT FROM INFORMATION_SCHEMA.COLUMNS c
  WHERE c.TABLE_SCHEMA = N'dbo' AND c.TABLE_NAME = N'tp_ClientPurseOperations' AND c.DATA_TYPE IN (N'timestamp', N'rowversion')
-- Without an index of all rows that begins with it, a look by rowversion would read the whole table.
UNION ALL SELECT 'rowversion_index', CASE WHEN EXISTS (
  SELECT 1 FROM sys.indexes i
  JOIN sys.index_columns ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.key_ordinal = 1
  JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
  WHERE i.object_id = OBJECT_ID(N'dbo.tp_ClientPurseOperations') AND i.has_filter = 0 AND i.is_disabled = 0 AND TYPE_NAME(c.system_type_id) = N'timestamp'
) THEN N'yes' ELSE N'no' END
UNION ALL SELECT 'delayed_durability', (SELECT d.delayed_durability_desc COLLATE DATABASE_DEFAULT FROM sys.databases d WHERE d.database_id = DB_ID())
UNION ALL SELECT 'server', CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(100))
UNION ALL SELECT 'edition', CAST(SERVERPROPERTY('EngineEdition') AS nvarchar(100))
UNION ALL SELECT 'collation', CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(100))
UNION ALL SELECT 'level', CAST((SELECT d.compatibility_level FROM sys.databases d WHERE d.database_id = DB_ID()) AS nvarchar(10));
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'tillypad/1_views.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Tillypad in this program's words: the views through which everything else reads. With 0_probe.sql and note_mirror.sql the only file that
-- names tp_ tables. Each is made in the form that fits the site, unless an administrator has made it their own: such a view is kept as long as
-- it has every column, and the script stops and names the columns that it lacks. A view is an administrator's own when its text isn't the one
-- that this script made last time (tgn.site keeps its hash).
-- Texts come in the database's own collation, since columns may have kept one from before it was changed: texts of two tables then don't meet.
-- live: neither the customer nor the group is in the recycle bin or disabled. may_invite: 1 unless an administrator alters the view.
DECLARE @views TABLE (
  no int NOT NULL PRIMARY KEY, name nvarchar(60) COLLATE DATABASE_DEFAULT NOT NULL, columns nvarchar(400) COLLATE DATABASE_DEFAULT NOT NULL,
  text nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL
);

-- Where looks can go by rowversion: its column, and an index that begins with it.
DECLARE @version nvarchar(128);
SELECT @version = v.value FROM tgn.site v WHERE v.name = 'rowversion' AND EXISTS (SELECT 1 FROM tgn.site i WHERE i.name = 'rowversion_index' AND i.value = N'yes');

-- version: grows with every writing of a row, null where the site has none.
INSERT INTO @views (no, name, columns, text) SELECT 1, N'operation',
  N'operation_id,customer_id,account_type_id,date,sum,document,description,authorization_id,return_of,version',
  N'CREATE VIEW tgn.operation AS
SELECT
  cpop_ID AS operation_id, cpop_clnt_ID AS customer_id, cpop_cptp_ID AS account_type_id, cpop_Date AS [date], cpop_Sum AS [sum],
  cpop_Name COLLATE DATABASE_DEFAULT AS document, cpop_Description COLLATE DATABASE_DEFAULT AS description, cpop_atop_ID AS authorization_id, cpop_cpop_ID_Return AS return_of,
  ' + COALESCE(QUOTENAME(@version), N'CAST(NULL AS binary(8))') + N' AS version
FROM dbo.tp_ClientPurseOperations';

INSERT INTO @views (no, name, columns, text)
SELECT 2, N'customer',
  N'customer_id,name,group_id,group_name,language_group_id,live,deleted,disabled,may_invite,profile_phone,phones_xml',
  N'CREATE VIEW tgn.customer AS
SELECT
  c.clnt_ID AS customer_id, c.clnt_Name COLLATE DATABASE_DEFAULT AS name, c.clnt_clgr_ID AS group_id, g.clgr_Name COLLATE DATABASE_DEFAULT AS group_name, c.clnt_lggr_ID AS language_group_id,
  CAST(CASE WHEN c.clnt_del_ID IS NULL AND c.clnt_IsDisabled = 0 AND g.clgr_ID IS NOT NULL AND g.clgr_del_ID IS NULL AND g.clgr_IsDisabled = 0
    THEN 1 ELSE 0 END AS bit) AS live,
  CAST(CASE WHEN c.clnt_del_ID IS NULL THEN 0 ELSE 1 END AS bit) AS deleted, c.clnt_IsDisabled AS disabled,
  CAST(1 AS bit) AS may_invite,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_profile' AND value = N'yes') THEN N'p.pepl_PhoneCell' ELSE N'CAST(NULL AS nvarchar(max))' END + N' COLLATE DATABASE_DEFAULT AS profile_phone,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_xml' AND value = N'yes') THEN N'CAST(c.clnt_Phones AS nvarchar(max))' ELSE N'CAST(NULL AS nvarchar(max))' END + N' COLLATE DATABASE_DEFAULT AS phones_xml
FROM dbo.tp_Clients c
LEFT JOIN dbo.tp_ClientGroups g ON g.clgr_ID = c.clnt_clgr_ID' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_profile' AND value = N'yes') THEN N'
LEFT JOIN dbo.tp_People p ON p.pepl_ID = c.clnt_pepl_ID AND p.pepl_del_ID IS NULL' ELSE N'' END;

INSERT INTO @views (no, name, columns, text)
SELECT 3, N'customer_phone', N'customer_id,phone,phone_id',
  CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_child' AND value = N'yes')
  THEN N'CREATE VIEW tgn.customer_phone AS
SELECT clph_clnt_ID AS customer_id, clph_Phone COLLATE DATABASE_DEFAULT AS phone, clph_ID AS phone_id FROM dbo.tp_ClientPhones WHERE clph_Phone IS NOT NULL'
  ELSE N'CREATE VIEW tgn.customer_phone AS
SELECT CAST(NULL AS uniqueidentifier) AS customer_id, CAST(NULL AS nvarchar(max)) COLLATE DATABASE_DEFAULT AS phone, CAST(NULL AS uniqueidentifier) AS phone_id WHERE 1 = 0' END;

-- Each group with each of its descendants, itself included. The path ends a loop in the tree; the engine's own limit is 100 steps.
INSERT INTO @views (no, name, columns, text) VALUES (4, N'customer_group', N'ancestor_id,group_id,name,deleted',
  N'CREATE VIEW tgn.customer_group AS
WITH tree (ancestor_id, group_id, depth, path) AS (
  SELECT clgr_ID, clgr_ID, 0, CAST(CAST(clgr_ID AS char(36)) AS varchar(4000)) FROM dbo.tp_ClientGroups
  UNION ALL
  SELECT t.ancestor_id, g.clgr_ID, t.depth + 1, CAST(t.path + CAST(g.clgr_ID AS char(36)) AS varchar(4000))
  FROM tree t JOIN dbo.tp_ClientGroups g ON g.clgr_clgr_ID_Parent = t.group_id
  WHERE t.depth < 90 AND CHARINDEX(CAST(g.clgr_ID AS char(36)), t.path) = 0
)
SELECT t.ancestor_id, t.group_id, a.clgr_Name COLLATE DATABASE_DEFAULT AS name, CAST(CASE WHEN a.clgr_del_ID IS NULL THEN 0 ELSE 1 END AS bit) AS deleted
FROM tree t JOIN dbo.tp_ClientGroups a ON a.clgr_ID = t.ancestor_id');

-- The group right above each; what the tree says of all ancestors, in the order of their nearness.
INSERT INTO @views (no, name, columns, text) VALUES (5, N'customer_group_parent', N'group_id,parent_id',
  N'CREATE VIEW tgn.customer_group_parent AS
SELECT clgr_ID AS group_id, clgr_clgr_ID_Parent AS parent_id FROM dbo.tp_ClientGroups');

INSERT INTO @views (no, name, columns, text)
SELECT 6, N'account_type', N'account_type_id,name,description,deleted',
  N'CREATE VIEW tgn.account_type AS
SELECT cptp_ID AS account_type_id, cptp_Name COLLATE DATABASE_DEFAULT AS name, ' + CASE WHEN COL_LENGTH(N'dbo.tp_ClientPurseTypes', N'cptp_Description') IS NULL THEN N'CAST(NULL AS nvarchar(max))' ELSE N'cptp_Description' END + N' COLLATE DATABASE_DEFAULT AS description,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'account_type_bin' AND value = N'yes')
    THEN N'CAST(CASE WHEN cptp_del_ID IS NULL THEN 0 ELSE 1 END AS bit)' ELSE N'CAST(0 AS bit)' END + N' AS deleted
FROM dbo.tp_ClientPurseTypes';

INSERT INTO @views (no, name, columns, text) VALUES (7, N'division', N'authorization_id,name',
  N'CREATE VIEW tgn.division AS
SELECT a.atop_ID AS authorization_id, d.dvsn_Name COLLATE DATABASE_DEFAULT AS name
FROM dbo.tp_AuthorizationOperations a JOIN dbo.tp_Divisions d ON d.dvsn_ID = a.atop_dvsn_ID');

-- The sum of all operations, for want of a register whose columns are known: an administrator who knows them alters this view.
INSERT INTO @views (no, name, columns, text) VALUES (8, N'balance', N'customer_id,account_type_id,balance,operations',
  N'CREATE VIEW tgn.balance AS
SELECT cpop_clnt_ID AS customer_id, cpop_cptp_ID AS account_type_id, SUM(cpop_Sum) AS balance, COUNT_BIG(*) AS operations
FROM dbo.tp_ClientPurseOperations GROUP BY cpop_clnt_ID, cpop_cptp_ID');

-- Below it all versions are committed; null where looks can't go by it.
INSERT INTO @views (no, name, columns, text)
SELECT 9, N'active_version', N'version',
  N'CREATE VIEW tgn.active_version AS
SELECT ' + CASE WHEN @version IS NULL THEN N'CAST(NULL AS binary(8))' ELSE N'MIN_ACTIVE_ROWVERSION()' END + N' AS version';

DECLARE @no int, @name nvarchar(60), @columns nvarchar(400), @text nvarchar(max), @full nvarchar(128), @lacking nvarchar(2048), @hash varbinary(32), @kept varbinary(32), @did bit, @at int, @column nvarchar(128);
SET @no = 0;
SET @lacking = N'';
-- First what can stop the script, so that all of it is named at once.
WHILE @no < 9
BEGIN
  SET @no = @no + 1;
  SELECT @name = name, @columns = columns + N',' FROM @views WHERE no = @no;
  SET @full = N'tgn.' + @name;
  IF OBJECT_ID(@full, N'V') IS NOT NULL
    WHILE @columns <> N''
    BEGIN
      SET @at = CHARINDEX(N',', @columns);
      SET @column = LEFT(@columns, @at - 1);
      SET @columns = SUBSTRING(@columns, @at + 1, 400);
      IF COL_LENGTH(@full, @column) IS NULL SET @lacking = @lacking + N', ' + @name + N'.' + @column;
    END;
END;
IF @lacking <> N''
BEGIN
  SET @lacking = LEFT((NCHAR(1042) + N' ' + NCHAR(1080) + NCHAR(1079) + NCHAR(1084) + NCHAR(1077) + NCHAR(1085) + NCHAR(1105) + NCHAR(1085) + NCHAR(1085) + NCHAR(1099) + NCHAR(1093) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1077) + NCHAR(1076) + NCHAR(1089) + NCHAR(1090) + NCHAR(1072) + NCHAR(1074) + NCHAR(1083) + NCHAR(1077) + NCHAR(1085) + NCHAR(1080) + NCHAR(1103) + NCHAR(1093) + N' ' + NCHAR(1085) + NCHAR(1077) + NCHAR(1090) + N' ' + NCHAR(1089) + NCHAR(1090) + NCHAR(1086) + NCHAR(1083) + NCHAR(1073) + NCHAR(1094) + NCHAR(1086) + NCHAR(1074) + N' / Altered views lack columns: ') + STUFF(@lacking, 1, 2, N''), 2000);
  THROW 50217, @lacking, 1;
END;

SET @no = 0;
WHILE @no < 9
BEGIN
  SET @no = @no + 1;
  SELECT @name = name, @text = text FROM @views WHERE no = @no;
  SET @full = N'tgn.' + @name;
  SET @did = 0;
  SET @hash = HASHBYTES('SHA2_256', CAST(OBJECT_DEFINITION(OBJECT_ID(@full, N'V')) AS nvarchar(4000)));
  SET @kept = NULL;
  SELECT @kept = hash FROM tgn.site WHERE name = CAST('view ' + @name AS varchar(60));
  -- Ours, and the site has changed since: then the form must follow.
  IF @hash = @kept AND OBJECT_DEFINITION(OBJECT_ID(@full, N'V')) <> @text
  BEGIN
    SET @full = N'DROP VIEW ' + @full;
    EXEC (@full);
    SET @full = N'tgn.' + @name;
    SET @hash = NULL;
  END;
  IF OBJECT_ID(@full, N'V') IS NULL
  BEGIN
    EXEC (@text);
    SET @did = 1;
    DELETE FROM tgn.site WHERE name = CAST('view ' + @name AS varchar(60));
    INSERT INTO tgn.site (name, hash)
    SELECT CAST('view ' + @name AS varchar(60)), HASHBYTES('SHA2_256', CAST(OBJECT_DEFINITION(OBJECT_ID(@full, N'V')) AS nvarchar(4000)));
  END;
  INSERT INTO #tgn_step (step, did) VALUES (N'view ' + @name, @did);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- The columns of views that stand on changed tables are read anew.
DECLARE @refresh nvarchar(128), @next int;
SET @next = 0;
WHILE @next < 9
BEGIN
  SET @next = @next + 1;
  SET @refresh = CASE @next WHEN 1 THEN N'tgn.operation' WHEN 2 THEN N'tgn.customer' WHEN 3 THEN N'tgn.customer_phone' WHEN 4 THEN N'tgn.customer_group'
    WHEN 5 THEN N'tgn.customer_group_parent' WHEN 6 THEN N'tgn.account_type' WHEN 7 THEN N'tgn.division' WHEN 8 THEN N'tgn.balance' ELSE N'tgn.active_version' END;
  IF @@VERSION LIKE N'Microsoft SQL%' EXEC sys.sp_refreshview @refresh;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- A look goes by the date; without an index that begins with it, every run would read the whole table and hold up the tills.
IF NOT EXISTS (
  SELECT 1 FROM sys.index_columns ic JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
  JOIN sys.indexes i ON i.object_id = ic.object_id AND i.index_id = ic.index_id AND i.is_disabled = 0 AND i.has_filter = 0 AND i.is_hypothetical = 0
  WHERE ic.object_id = OBJECT_ID(N'dbo.tp_ClientPurseOperations') AND ic.key_ordinal = 1 AND LOWER(c.name) = N'cpop_date'
)
BEGIN
  DECLARE @say nvarchar(2000);
  SET @say = (NCHAR(1053) + NCHAR(1077) + NCHAR(1090) + N' ' + NCHAR(1080) + NCHAR(1085) + NCHAR(1076) + NCHAR(1077) + NCHAR(1082) + NCHAR(1089) + NCHAR(1072) + N' ' + NCHAR(1087) + NCHAR(1086) + N' ' + NCHAR(1076) + NCHAR(1072) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1086) + NCHAR(1087) + NCHAR(1077) + NCHAR(1088) + NCHAR(1072) + NCHAR(1094) + NCHAR(1080) + NCHAR(1081) + N', ' + NCHAR(1089) + NCHAR(1086) + NCHAR(1079) + NCHAR(1076) + NCHAR(1072) + NCHAR(1081) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1077) + NCHAR(1075) + NCHAR(1086) + N' / The operations have no index by date, make it: ')
    + N'CREATE INDEX CI_tp_ClientPurseOperations_cpop_Date ON dbo.tp_ClientPurseOperations (cpop_Date)';
  THROW 50210, @say, 1;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Looks go by dates until there is one.
IF EXISTS (SELECT 1 FROM tgn.site WHERE name = 'rowversion' AND value IS NOT NULL) AND EXISTS (SELECT 1 FROM tgn.site WHERE name = 'rowversion_index' AND value = N'no')
  PRINT (NCHAR(1059) + N' ' + NCHAR(1086) + NCHAR(1087) + NCHAR(1077) + NCHAR(1088) + NCHAR(1072) + NCHAR(1094) + NCHAR(1080) + NCHAR(1081) + N' ' + NCHAR(1077) + NCHAR(1089) + NCHAR(1090) + NCHAR(1100) + N' rowversion, ' + NCHAR(1085) + NCHAR(1086) + N' ' + NCHAR(1085) + NCHAR(1077) + NCHAR(1090) + N' ' + NCHAR(1080) + NCHAR(1085) + NCHAR(1076) + NCHAR(1077) + NCHAR(1082) + NCHAR(1089) + NCHAR(1072) + N', ' + NCHAR(1082) + NCHAR(1086) + NCHAR(1090) + NCHAR(1086) + NCHAR(1088) + NCHAR(1099) + NCHAR(1081) + N' ' + NCHAR(1089) + N' ' + NCHAR(1085) + NCHAR(1077) + NCHAR(1075) + NCHAR(1086) + N' ' + NCHAR(1085) + NCHAR(1072) + NCHAR(1095) + NCHAR(1080) + NCHAR(1085) + NCHAR(1072) + NCHAR(1077) + NCHAR(1090) + NCHAR(1089) + NCHAR(1103) + N': ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1072) + NCHAR(1074) + NCHAR(1082) + NCHAR(1080) + N' ' + NCHAR(1079) + NCHAR(1072) + NCHAR(1076) + NCHAR(1085) + NCHAR(1080) + NCHAR(1084) + N' ' + NCHAR(1095) + NCHAR(1080) + NCHAR(1089) + NCHAR(1083) + NCHAR(1086) + NCHAR(1084) + N' ' + NCHAR(1085) + NCHAR(1072) + NCHAR(1093) + NCHAR(1086) + NCHAR(1076) + NCHAR(1103) + NCHAR(1090) + NCHAR(1089) + NCHAR(1103) + N' ' + NCHAR(1087) + NCHAR(1086) + NCHAR(1079) + NCHAR(1078) + NCHAR(1077) + N' / The operations have a rowversion but no index that begins with it: what is back-dated is found later.');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'tillypad/2_notes.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Tillypad's notes: two views to read them and two procedures to write them, in the form that fits the site. A value is a sql_variant of any
-- type: numbers come as whole digits, and what no number can hold comes as its text, since a bad note is a finding on its customer, no error.
DROP VIEW IF EXISTS tgn.note;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE VIEW tgn.note AS
SELECT v.note_ID AS note_id, v.note_nttp_ID AS note_type_id, v.note_obj_ID AS customer_id, v.note_Date AS noted_at,
  -- A note of blanks says nothing.
  CASE WHEN LTRIM(RTRIM(REPLACE(REPLACE(REPLACE(REPLACE(v.text COLLATE Latin1_General_BIN2, NCHAR(9), N' '), NCHAR(10), N' '), NCHAR(13), N' '), NCHAR(160), N' '))) <> N''
    THEN v.text END COLLATE DATABASE_DEFAULT AS text
FROM (
  SELECT n.note_ID, n.note_nttp_ID, n.note_obj_ID, n.note_Date,
    CASE
      WHEN CAST(SQL_VARIANT_PROPERTY(n.note_Value, 'BaseType') AS varchar(30)) IN ('float', 'real', 'decimal', 'numeric', 'money', 'smallmoney')
      THEN CASE WHEN ABS(CAST(n.note_Value AS float)) < 1E18
        THEN CAST(CAST(CAST(n.note_Value AS float) AS decimal(20, 0)) AS nvarchar(4000)) ELSE CAST(CAST(n.note_Value AS float) AS nvarchar(4000)) END
      ELSE CAST(n.note_Value AS nvarchar(4000)) END AS text
  FROM dbo.tp_Notes n
) v;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
DROP VIEW IF EXISTS tgn.note_type;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Those in the recycle bin are none.
CREATE VIEW tgn.note_type AS
SELECT nttp_ID AS note_type_id, nttp_Name COLLATE DATABASE_DEFAULT AS name, nttp_IsDisabled AS disabled FROM dbo.tp_NoteTypes WHERE nttp_del_ID IS NULL;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

DROP PROCEDURE IF EXISTS tgn.write_note;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Writes over a note, for mirror_notes alone and inside its transaction. Parameters: @note_id, @text, @wall. No result. Locks: the note's row.
CREATE PROCEDURE tgn.write_note
  @note_id uniqueidentifier,
  @text nvarchar(4000),
  @wall datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE dbo.tp_Notes SET note_Value = CAST(@text AS sql_variant), note_Date = @wall WHERE note_ID = @note_id;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- The kind of object that a customer is: as Tillypad's own list of tables says, else as the note type is offered for, else as another note of a
-- customer has it, else none. Which of these the site has decides the procedure's text, since a missing column is an error when it is made.
DROP PROCEDURE IF EXISTS tgn.add_note;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
DECLARE @kind nvarchar(max), @text nvarchar(max);
SET @kind = N'';
IF COL_LENGTH(N'dbo.tp_Notes', N'note_tpsyso_ID') IS NOT NULL
BEGIN
  IF COL_LENGTH(N'dbo.sys_Tables', N'tpsyst_tpsyso_ID') IS NOT NULL AND COL_LENGTH(N'dbo.sys_Tables', N'tpsyst_Name') IS NOT NULL
    SET @kind = @kind + N'(SELECT TOP (1) tpsyst_tpsyso_ID FROM dbo.sys_Tables WHERE tpsyst_Name = N''tp_Clients''), ';
  IF COL_LENGTH(N'dbo.tp_NoteTypeObjects', N'nttpo_tpsyso_ID') IS NOT NULL
    SET @kind = @kind + N'(SELECT TOP (1) nttpo_tpsyso_ID FROM dbo.tp_NoteTypeObjects WHERE nttpo_nttp_ID = @note_type_id), ';
  SET @kind = @kind + N'(SELECT TOP (1) o.note_tpsyso_ID FROM dbo.tp_Notes o JOIN dbo.tp_Clients k ON k.clnt_ID = o.note_obj_ID WHERE o.note_tpsyso_ID IS NOT NULL)';
END;
SET @text = N'-- Adds a note to a customer, for mirror_notes alone and inside its transaction. Parameters: @note_type_id, @customer_id, @text, @wall. No result.
-- Locks: the note''s row.
CREATE PROCEDURE tgn.add_note
  @note_type_id uniqueidentifier,
  @customer_id uniqueidentifier,
  @text nvarchar(4000),
  @wall datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  INSERT INTO dbo.tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value' + CASE WHEN @kind = N'' THEN N'' ELSE N', note_tpsyso_ID' END + N')
  SELECT NEWID(), @note_type_id, @customer_id, @customer_id, @wall, CAST(@text AS sql_variant)' + CASE WHEN @kind = N'' THEN N'' WHEN CHARINDEX(N'), (', @kind) = 0 THEN N', ' + @kind ELSE N', COALESCE(' + @kind + N')' END + N';
END;';
EXEC (@text);
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- The note type: text, one a customer, offered for customers where the site says for which kinds of objects a type is offered.
DROP PROCEDURE IF EXISTS tgn.add_note_type;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
DECLARE @offer nvarchar(max), @text nvarchar(max);
SET @offer = N'';
IF COL_LENGTH(N'dbo.tp_NoteTypeObjects', N'nttpo_tpsyso_ID') IS NOT NULL AND COL_LENGTH(N'dbo.sys_Tables', N'tpsyst_tpsyso_ID') IS NOT NULL
  AND COL_LENGTH(N'dbo.sys_Tables', N'tpsyst_Name') IS NOT NULL
  SET @offer = N'
  INSERT INTO dbo.tp_NoteTypeObjects (nttpo_ID, nttpo_nttp_ID, nttpo_tpsyso_ID)
  SELECT TOP (1) NEWID(), @id, tpsyst_tpsyso_ID FROM dbo.sys_Tables WHERE tpsyst_Name = N''tp_Clients'';';
SET @text = N'-- Adds the note type, for found_place alone and inside its transaction. Parameter: @name. No result. Locks: the row.
CREATE PROCEDURE tgn.add_note_type
  @name nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @id uniqueidentifier;
  SET @id = NEWID();
  -- By the id of the type in the object files of tasks/, so that importing one later makes no second type.
  IF @name = N''chat_ID '' + NCHAR(1074) + N'' Telegram'' AND NOT EXISTS (SELECT 1 FROM dbo.tp_NoteTypes WHERE nttp_ID = ''c33d90fa-3698-47a8-afd0-b814e394f2a6'')
    SET @id = ''c33d90fa-3698-47a8-afd0-b814e394f2a6'';
  INSERT INTO dbo.tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_Name, nttp_Description, nttp_IsUnique, nttp_IsRequired, nttp_IsDisabled)
  VALUES (@id, 0, @name, N''tp-tg-notify'', 1, 0, 0);' + @offer + N'
END;';
EXEC (@text);
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/accept_past.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- A database was set back in time: what waited at the moment it was set back to may have been told in the stretch that is lost. Parameters:
-- the bot; @restored mark | leave. mark: it ends as skipped(marked). leave: it is told with the mark of a possible repeat. Result: n, how many
-- ended. Locks: the planned rows of the bot.
DROP PROCEDURE IF EXISTS tgn_admin.accept_past;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.accept_past
  @bot_id bigint,
  @restored varchar(10)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @n int;
  SELECT @now = now_utc FROM tgn.clock;
  SET @n = 0;
  IF @restored = 'leave' UPDATE tgn.delivery SET repeat = 1 WHERE state = 'planned' AND bot_id = @bot_id;
  IF @restored = 'mark'
  BEGIN
    UPDATE tgn.delivery SET state = 'skipped', reason = 'marked', changed_utc = @now WHERE state = 'planned' AND bot_id = @bot_id;
    SET @n = @@ROWCOUNT;
  END;
  SELECT @n AS n;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/admit.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Since when each chosen account type and group is told about (rule: what is added to a choice counts from the run that adds it; a choice that
-- becomes narrower keeps its time, and so does what a wider one still covers). Parameters: @bot_id, @run_no, @task_id; @account_types and
-- @customer_groups, lower-case GUID text, or '*' alone for all; @first, wall clock for a task's very first choice; @opened, for what is added later.
-- Result: answer saved | lock_lost. Locks: the task's rows in tgn.admitted, which are few.
DROP PROCEDURE IF EXISTS tgn.admit;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.admit
  @bot_id bigint,
  @run_no int,
  @task_id varchar(100),
  @account_types tgn.text_list_1 READONLY,
  @customer_groups tgn.text_list_1 READONLY,
  @first varchar(23),
  @opened varchar(23)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- Pairs of groups of which the one stands above the other, of the groups at hand alone; read before the transaction begins.
  CREATE TABLE #chosen (kind varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, item_id varchar(36) COLLATE Latin1_General_BIN2 NOT NULL, PRIMARY KEY (kind, item_id));
  CREATE TABLE #cover (above varchar(36) COLLATE Latin1_General_BIN2 NOT NULL, below varchar(36) COLLATE Latin1_General_BIN2 NOT NULL, PRIMARY KEY (above, below));
  INSERT INTO #chosen (kind, item_id) SELECT 'account_type', item FROM @account_types UNION ALL SELECT 'customer_group', item FROM @customer_groups;
  INSERT INTO #cover (above, below)
  SELECT DISTINCT LOWER(CAST(g.ancestor_id AS char(36))) COLLATE Latin1_General_BIN2, LOWER(CAST(g.group_id AS char(36))) COLLATE Latin1_General_BIN2
  FROM tgn.customer_group g
  WHERE g.ancestor_id <> g.group_id
  OPTION (MAXDOP 1);
  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  CREATE TABLE #recorded (
    kind varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, item_id varchar(36) COLLATE Latin1_General_BIN2 NOT NULL, since datetime NOT NULL,
    PRIMARY KEY (kind, item_id)
  );
  INSERT INTO #recorded (kind, item_id, since)
  SELECT kind, item_id, since FROM tgn.admitted WHERE bot_id = @bot_id AND task_id = @task_id;
  DELETE a FROM tgn.admitted a
  WHERE a.bot_id = @bot_id AND a.task_id = @task_id AND NOT EXISTS (
    SELECT 1 FROM #chosen c
    WHERE c.kind = a.kind AND (c.item_id = a.item_id OR c.item_id = '*'
      OR (a.kind = 'customer_group' AND EXISTS (SELECT 1 FROM #cover v WHERE v.above = c.item_id AND v.below = a.item_id)))
  );
  INSERT INTO tgn.admitted (bot_id, task_id, kind, item_id, since)
  SELECT @bot_id, @task_id, c.kind, c.item_id, COALESCE(
    (SELECT MIN(r.since) FROM #recorded r
     WHERE r.kind = c.kind AND (r.item_id = '*'
       OR (c.kind = 'customer_group' AND EXISTS (SELECT 1 FROM #cover v WHERE v.above = r.item_id AND v.below = c.item_id)))),
    CASE WHEN EXISTS (SELECT 1 FROM #recorded r WHERE r.kind = c.kind) THEN CONVERT(datetime, @opened, 121) ELSE CONVERT(datetime, @first, 121) END)
  FROM #chosen c
  WHERE NOT EXISTS (SELECT 1 FROM #recorded r WHERE r.kind = c.kind AND r.item_id = c.item_id);
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/advance.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Records the calls that ended and claims the next notices, in one transaction under the guard. Asked again under the same claim's id it hands
-- out the notices of that claim whose calls haven't ended, and claims nothing.
-- Parameters: the bot and its run; record's; claim's; what a balance means (after | current | off). Result: answer claimed | lock_lost, now_utc,
-- next_due_utc, turn; the rows that ended, by reason: reason, n; the notices: attempt_no, task_id, chat_id, language, customer_id, customer_name,
-- group_id, group_name, repeat, tries; their operations, oldest first: attempt_no, row_no, id, customer_id, account_type_id, account_type, date,
-- sum, document, description, division, return_of, balance; groups above the guests', the nearest first: group_id, ancestor_id.
-- Without the lock nothing is recorded or claimed, except the late proof of what this run itself has sent and another has judged in doubt.
-- Locks: in the transaction the run's row and the ledger's rows that change; Tillypad's rows only while each is read. Balances are read after it.
DROP PROCEDURE IF EXISTS tgn.advance;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.advance
  @bot_id bigint,
  @run_no int,
  @claim_id varchar(40),
  @want int,
  @turn uniqueidentifier,
  @finished tgn.finished_list_1 READONLY,
  @released tgn.released_list_1 READONLY,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @gap_ms int,
  @wait_ms int,
  @ttl_ms bigint,
  @balance varchar(10),
  @quiet_until datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime, @expired datetime2(3), @next_due datetime2(3), @again bit;
  DECLARE @ended tgn.finished_list_1;
  DECLARE @left_out tgn.released_list_1;
  DECLARE @only_customers tgn.id_list_1;
  DECLARE @only_operations tgn.id_list_1;
  INSERT INTO @ended (seq, attempt_no, outcome, code, detail, message_id, length, suspend_chat, not_before_utc)
  SELECT seq, attempt_no, outcome, code, detail, message_id, length, suspend_chat, not_before_utc FROM @finished;
  INSERT INTO @left_out (attempt_no, delivery_no) SELECT attempt_no, delivery_no FROM @released;
  INSERT INTO @only_customers (id) SELECT id FROM @customers;
  INSERT INTO @only_operations (id) SELECT id FROM @operations;
  CREATE TABLE #skipped (reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL);
  CREATE TABLE #notice (
    attempt_no bigint NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    language varchar(5) COLLATE Latin1_General_BIN2 NULL
  );
  CREATE TABLE #member (
    delivery_no bigint NOT NULL PRIMARY KEY, attempt_no bigint NOT NULL, operation_id uniqueidentifier NOT NULL, place int NOT NULL,
    task_no int NOT NULL, repeat int NOT NULL, tries int NOT NULL
  );
  CREATE TABLE #person (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NOT NULL
  );
  CREATE TABLE #group (group_id uniqueidentifier NOT NULL PRIMARY KEY, done bit NOT NULL);
  CREATE TABLE #above (group_id uniqueidentifier NOT NULL, ancestor_id uniqueidentifier NOT NULL, distance int NOT NULL, PRIMARY KEY (group_id, ancestor_id));
  CREATE TABLE #seen (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL,
    account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL, date datetime NOT NULL, sum decimal(38, 4) NOT NULL,
    document nvarchar(max) COLLATE DATABASE_DEFAULT NULL, description nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    division nvarchar(max) COLLATE DATABASE_DEFAULT NULL, return_of uniqueidentifier NULL
  );
  CREATE TABLE #told (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL
  );

  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    EXEC tgn.prove_late @bot_id, @run_no, @now, @ended, @left_out;
    COMMIT TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  SET @expired = DATEADD(ms, -CAST(@ttl_ms % 86400000 AS int), DATEADD(day, -CAST(@ttl_ms / 86400000 AS int), @now));
  EXEC tgn.record @bot_id, @run_no, @now, @expired, @quiet_until, @ended, @left_out;
  UPDATE tgn.run SET heartbeat_utc = @now WHERE run_no = @run_no;
  SET @again = CASE WHEN EXISTS (SELECT 1 FROM tgn.attempt WHERE claim_id = @claim_id) THEN 1 ELSE 0 END;
  IF @again = 1 EXEC tgn.claim_again @bot_id, @run_no, @claim_id;
  IF @again = 1 SET @want = 0;
  EXEC tgn.claim @bot_id, @run_no, @now, @wall, @claim_id, @want, @turn OUTPUT, @only_customers, @any_customer, @only_operations, @any_operation, @gap_ms,
    @wait_ms, @expired, @next_due OUTPUT;
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;

  INSERT INTO #told (operation_id, id_text, date, customer_id, account_type_id)
  SELECT s.operation_id, CONVERT(char(36), s.operation_id), s.date, s.customer_id, s.account_type_id
  FROM #member m JOIN #seen s ON s.operation_id = m.operation_id;
  EXEC tgn.fill_balances @balance;

  SELECT 'claimed' AS answer, @now AS now_utc, @next_due AS next_due_utc, @turn AS turn;
  SELECT reason, COUNT(*) AS n FROM #skipped GROUP BY reason;
  SELECT n.attempt_no, t.task_id, n.chat_id, n.language, n.customer_id, p.name AS customer_name, p.group_id, p.group_name,
    CAST(f.repeat AS bit) AS repeat, f.tries
  FROM #notice n
  JOIN #person p ON p.customer_id = n.customer_id
  JOIN (SELECT m.attempt_no, MIN(m.task_no) AS task_no, MAX(m.repeat) AS repeat, MAX(m.tries) AS tries FROM #member m GROUP BY m.attempt_no) f
    ON f.attempt_no = n.attempt_no
  JOIN tgn.task t ON t.task_no = f.task_no
  ORDER BY n.attempt_no;
  SELECT m.attempt_no, m.delivery_no AS row_no, s.operation_id AS id, s.customer_id, s.account_type_id, s.account_type,
    CONVERT(varchar(23), s.date, 121) AS date, CONVERT(varchar(50), s.sum) AS sum, s.document, s.description, s.division, s.return_of,
    CONVERT(varchar(50), b.balance) AS balance
  FROM #member m
  JOIN #seen s ON s.operation_id = m.operation_id
  JOIN #told b ON b.operation_id = m.operation_id
  ORDER BY m.attempt_no, m.place;
  SELECT group_id, ancestor_id FROM #above ORDER BY group_id, distance;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/advance_invitations.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Records the SMS that ended and claims the next, in one transaction under the guard and within the caps, in the order of planning; the customer is
-- read fresh before the invitation is marked `sending`, and one who is locked is passed over. Asked again under the same claim's id it hands out
-- that claim's invitations and claims nothing.
-- Parameters: the bot and its run; the claim's id; what ended; how many are wanted; the tasks and customers that are meant; segments that may still
-- be spent (@cap_run, and of @cap_day and @cap_month since their beginnings); what read_persons needs.
-- Result: answer claimed | lock_lost, now_utc, wall_now, capped (run | day | month: the tightest cap that keeps a due one back), held (due ones that a
-- cap keeps back), next_due_utc; then show_invitees' sets for what was claimed.
-- Locks: in the transaction the run's row and the invitations that change; Tillypad's rows only while each is read.
DROP PROCEDURE IF EXISTS tgn.advance_invitations;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.advance_invitations
  @bot_id bigint,
  @run_no int,
  @claim_id varchar(40),
  @finished tgn.sent_list_1 READONLY,
  @want int,
  @tasks tgn.text_list_1 READONLY,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @cap_run int,
  @cap_day int,
  @cap_month int,
  @day_from datetime2(3),
  @month_from datetime2(3),
  @note_type nvarchar(400),
  @consent varchar(10),
  @consent_note nvarchar(400),
  @consent_group uniqueidentifier
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- So many locked customers end a claim: whoever comes next is probably locked too.
  DECLARE @held bit, @now datetime2(3), @wall datetime, @day int, @month int, @claimed int, @no int, @most int, @row bigint, @customer uniqueidentifier;
  DECLARE @segments int, @least int, @due int, @capped varchar(10), @next_due datetime2(3), @patience int;
  DECLARE @ended tgn.sent_list_1;
  CREATE TABLE #task (task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  CREATE TABLE #only (id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #invitee (
    no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL UNIQUE, operation_id uniqueidentifier NOT NULL, date datetime NOT NULL,
    operations int NOT NULL, row_no bigint NOT NULL
  );
  CREATE TABLE #person (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NOT NULL, phones_xml nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    profile_phone nvarchar(max) COLLATE DATABASE_DEFAULT NULL, may_invite bit NOT NULL, noted bit NOT NULL, consented bit NOT NULL
  );
  CREATE TABLE #phone (
    customer_id uniqueidentifier NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NULL, phone nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL
  );
  CREATE TABLE #stuck (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO @ended (seq, invitation_no, state, reason, number, segments, cost, gateway, gateway_id, text, detail, tried, not_before_utc)
  SELECT seq, invitation_no, state, reason, number, segments, cost, gateway, gateway_id, text, detail, tried, not_before_utc FROM @finished;
  INSERT INTO #task (task_id) SELECT item FROM @tasks;
  INSERT INTO #only (id) SELECT id FROM @customers;
  SET @patience = 5;

  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  EXEC tgn.record_invitations @bot_id, @run_no, @now, @held, @ended;
  IF @held = 0
  BEGIN
    COMMIT TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE tgn.run SET heartbeat_utc = @now WHERE run_no = @run_no;
  EXEC tgn.sum_spent @bot_id, @day_from, @month_from, @day OUTPUT, @month OUTPUT;
  SELECT @day = @cap_day - @day, @month = @cap_month - @month;

  INSERT INTO #invitee (no, customer_id, operation_id, date, operations, row_no)
  SELECT ROW_NUMBER() OVER (ORDER BY invitation_no), customer_id, operation_id, operation_date, 1, invitation_no
  FROM tgn.invitation WHERE state = 'sending' AND bot_id = @bot_id AND run_no = @run_no AND claim_id = @claim_id;
  SET @no = @@ROWCOUNT;
  IF @no > 0
  BEGIN
    EXEC tgn.read_persons 1, @note_type, @consent, @consent_note, @consent_group;
    -- What is under way can't be passed over: whoever asks again must ask once more.
    IF EXISTS (SELECT 1 FROM #stuck) THROW 50302, 'a customer is locked', 1;
    SET @want = 0;
  END;

  SET @claimed = 0;
  WHILE @claimed < @want AND (SELECT COUNT(*) FROM #stuck) < @patience
  BEGIN
    SET @most = CASE WHEN @cap_run < @day THEN @cap_run ELSE @day END;
    IF @month < @most SET @most = @month;
    SET @row = NULL;
    SELECT TOP (1) @row = v.invitation_no, @customer = v.customer_id, @segments = v.segments FROM tgn.invitation v
    WHERE v.state = 'planned' AND v.bot_id = @bot_id AND (v.not_before_utc IS NULL OR v.not_before_utc <= @now) AND v.segments <= @most
      AND EXISTS (SELECT 1 FROM #task t WHERE t.task_id = v.task_id) AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = v.customer_id))
      AND NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = v.customer_id)
    ORDER BY v.invitation_no;
    IF @row IS NULL BREAK;
    SET @no = @no + 1;
    INSERT INTO #invitee (no, customer_id, operation_id, date, operations, row_no)
    SELECT @no, customer_id, operation_id, operation_date, 1, invitation_no FROM tgn.invitation WHERE invitation_no = @row;
    EXEC tgn.read_persons @no, @note_type, @consent, @consent_note, @consent_group;
    IF NOT EXISTS (SELECT 1 FROM #stuck WHERE customer_id = @customer)
    BEGIN
      UPDATE tgn.invitation SET state = 'sending', claim_id = @claim_id, run_no = @run_no, sent_utc = @now, changed_utc = @now
      WHERE invitation_no = @row AND state = 'planned';
      SELECT @claimed = @claimed + 1, @cap_run = @cap_run - @segments, @day = @day - @segments, @month = @month - @segments;
    END;
  END;

  SELECT @due = COUNT(*), @least = MIN(v.segments) FROM tgn.invitation v
  WHERE v.state = 'planned' AND v.bot_id = @bot_id AND (v.not_before_utc IS NULL OR v.not_before_utc <= @now)
    AND EXISTS (SELECT 1 FROM #task t WHERE t.task_id = v.task_id) AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = v.customer_id))
    AND NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = v.customer_id);
  -- The cap that even the smallest due invitation doesn't fit into; where several don't, the one with least left.
  SELECT TOP (1) @capped = c.name
  FROM (SELECT 1 AS no, 'run' AS name, @cap_run AS rest UNION ALL SELECT 2, 'day', @day UNION ALL SELECT 3, 'month', @month) c
  WHERE c.rest < @least
  ORDER BY c.rest, c.no;
  IF @least IS NOT NULL AND @capped IS NULL SET @next_due = @now;
  ELSE
    SELECT @next_due = MIN(v.not_before_utc) FROM tgn.invitation v
    WHERE v.state = 'planned' AND v.bot_id = @bot_id AND v.not_before_utc > @now
      AND EXISTS (SELECT 1 FROM #task t WHERE t.task_id = v.task_id) AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = v.customer_id));
  -- Locked customers are looked at again in a while.
  IF EXISTS (SELECT 1 FROM #stuck) AND (@next_due IS NULL OR @next_due = @now OR @next_due > DATEADD(ms, 5000, @now))
    SET @next_due = DATEADD(ms, 5000, @now);
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;

  SELECT 'claimed' AS answer, @now AS now_utc, CONVERT(varchar(23), @wall, 121) AS wall_now, @capped AS capped,
    CASE WHEN @capped IS NULL THEN 0 ELSE @due END AS held, @next_due AS next_due_utc;
  EXEC tgn.show_invitees @bot_id, @now;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/bind.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Makes the ledger belong to the place where it is. No parameters. Result: place. Locks: the place's row.
DROP PROCEDURE IF EXISTS tgn_admin.bind;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.bind
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- The fork is taken anew by the next run.
  UPDATE p SET bound_to = w.place, fork = NULL FROM tgn.place p CROSS JOIN tgn.here w;
  SELECT bound_to AS place FROM tgn.place;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/candidate.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The one select of measure, preview and plan: which operations a look considers, and its verdict on each. Called by these three, which
-- make the table that it fills: #candidate (operation_id, id_text, date, customer_id, verdict, delivery_no). The rows are a beginning of
-- the look in the order of (date, id_text): all of it, or at least @rows.
-- Parameters: the bot and its task; the window @low to @last, both within it; @after_date and @after_id, the place where the last page
-- ended; how many rows are wanted; the rules of the look; the choice of account types and groups (empty = all, @admitted_only: since when
-- each is chosen); customers and operations that narrow it. @version_low: since which date operations dated before the window belong to the
-- look when they were written since the last one (find_written); null: none do. @version: find_written's. @locked: customers whom somebody has locked; their operations have no row, so
-- that the next look finds them.
-- No row, and so no trace in the ledger: outside the window, known already, outside the task's filters, older than its choice. The verdicts,
-- first match first. Age comes before the subscription, so that `explain` tells of an old operation what would hold for any guest, and so
-- that only fresh operations make somebody an unsubscribed customer whom an invitation may follow.
-- Locks: none that outlast a row's reading, and no transaction is open. A locked operation is passed over (READPAST): absence means later.
-- Who a customer is decides by absence, and so waits for a lock; a customer who stays locked is left out alone.
-- Stage 1 touches only (date, id) of the operations and the ledger's index: an idle look is rows it knows.
DROP PROCEDURE IF EXISTS tgn.candidate;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.candidate
  @bot_id bigint,
  @task_id varchar(100),
  @low datetime,
  @last datetime,
  @after_date datetime,
  @after_id uniqueidentifier,
  @rows int,
  @revive bit,
  @mark_only bit,
  @old_before datetime,
  @late_before datetime,
  @leave_unsubscribed bit,
  @sign varchar(10),
  @threshold decimal(18, 4),
  @admitted_only bit,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @version_low datetime,
  @version bigint OUTPUT,
  @locked int OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @after_text char(36), @types_since datetime, @groups_since datetime, @batch int, @read int, @edge datetime, @from datetime;
  DECLARE @at int, @met int, @size int, @written bit;

  CREATE TABLE #chosen_type (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  CREATE TABLE #chosen_group (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  EXEC tgn.choose @bot_id, @task_id, @admitted_only, @account_types, @all_types, @customer_groups, @all_groups, @types_since OUTPUT, @groups_since OUTPUT;

  CREATE TABLE #written (date datetime NOT NULL, operation_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #look (date datetime NOT NULL, operation_id uniqueidentifier NOT NULL, PRIMARY KEY (date, operation_id));
  CREATE TABLE #unknown (operation_id uniqueidentifier NOT NULL PRIMARY KEY, date datetime NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL);
  CREATE TABLE #read (operation_id uniqueidentifier NOT NULL PRIMARY KEY, date datetime NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #met (no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #person (customer_id uniqueidentifier NOT NULL PRIMARY KEY, live bit NOT NULL, group_id uniqueidentifier NULL);

  SET @written = 0;
  IF @version_low IS NOT NULL AND (@version_low < @low OR @version IS NULL) AND @any_operation = 1 AND @any_customer = 1
    AND EXISTS (SELECT 1 FROM tgn.active_version WHERE version IS NOT NULL)
  BEGIN
    EXEC tgn.find_written @bot_id, @task_id, @version_low, @low, @version OUTPUT;
    IF EXISTS (SELECT 1 FROM #written) SET @written = 1;
  END;

  SET @locked = 0;
  SET @after_text = CONVERT(char(36), @after_id);
  SET @from = @low;
  SET @batch = CASE WHEN @rows > 50000 THEN 50000 ELSE @rows END;
  SET @met = 0;
  WHILE @from IS NOT NULL AND @from <= @last AND (SELECT COUNT(*) FROM #candidate) < @rows
  BEGIN
    DELETE FROM #look;
    DELETE FROM #unknown;
    DELETE FROM #read;

    -- All of them are dated before the window: they are the look's beginning.
    IF @written = 1
    BEGIN
      INSERT INTO #look (date, operation_id) SELECT date, operation_id FROM #written;
      SET @written = 0;
    END
    ELSE IF @any_operation = 0
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT o.date, o.operation_id FROM @operations w JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) ON o.operation_id = w.id
      WHERE o.date >= @from AND o.date <= @last
      OPTION (LOOP JOIN, MAXDOP 1);
      SET @from = NULL;
    END
    ELSE IF @any_customer = 0
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT o.date, o.operation_id FROM @customers w JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) ON o.customer_id = w.id
      WHERE o.date >= @from AND o.date <= @last
      OPTION (LOOP JOIN, MAXDOP 1);
      SET @from = NULL;
    END
    ELSE
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT TOP (@batch) o.date, o.operation_id FROM tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
      WHERE o.date >= @from AND o.date <= @last
      ORDER BY o.date
      OPTION (MAXDOP 1);
      SET @read = @@ROWCOUNT;
      SELECT @edge = MAX(date) FROM #look;
      IF @read < @batch OR @edge >= @last SET @from = NULL;
      IF @read = @batch
        -- All of the last date, so that the next batch begins with the next one: a datetime's grain is 1/300 s.
        INSERT INTO #look (date, operation_id)
        SELECT o.date, o.operation_id FROM tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
        WHERE o.date = @edge AND NOT EXISTS (SELECT 1 FROM #look l WHERE l.date = @edge AND l.operation_id = o.operation_id)
        OPTION (MAXDOP 1);
      IF @from IS NOT NULL SET @from = DATEADD(ms, 3, @edge);
      SET @batch = CASE WHEN @batch >= 25000 THEN 50000 ELSE @batch * 2 END;
    END;

    -- MAX: an operation whose date is changed while it is read may be met twice.
    INSERT INTO #unknown (operation_id, date, id_text)
    SELECT l.operation_id, MAX(l.date), CONVERT(char(36), l.operation_id) FROM #look l
    WHERE NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.bot_id = @bot_id AND d.operation_id = l.operation_id)
    GROUP BY l.operation_id
    OPTION (LOOP JOIN, MAXDOP 1);
    IF @revive = 1
      INSERT INTO #unknown (operation_id, date, id_text, delivery_no)
      SELECT l.operation_id, MAX(l.date), CONVERT(char(36), l.operation_id), d.delivery_no
      FROM #look l JOIN tgn.delivery d ON d.bot_id = @bot_id AND d.operation_id = l.operation_id
      WHERE d.state = 'skipped' AND d.attempt_no IS NULL AND d.reason IN ('not_subscribed', 'suspended', 'too_old', 'late')
      GROUP BY l.operation_id, d.delivery_no
      OPTION (LOOP JOIN, MAXDOP 1);

    INSERT INTO #read (operation_id, date, id_text, delivery_no, customer_id)
    SELECT u.operation_id, u.date, u.id_text, u.delivery_no, o.customer_id
    FROM #unknown u JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) ON o.operation_id = u.operation_id
    WHERE o.date = u.date AND (@after_date IS NULL OR u.date > @after_date OR u.id_text > @after_text COLLATE Latin1_General_BIN2)
      AND (@sign = 'any' OR (@sign = 'credit' AND o.sum > 0) OR (@sign = 'debit' AND o.sum < 0)) AND ABS(o.sum) >= @threshold
      AND (@types_since <= o.date OR EXISTS (SELECT 1 FROM #chosen_type k WHERE k.item_id = o.account_type_id AND k.since <= o.date))
      AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM @customers w WHERE w.id = o.customer_id))
    OPTION (LOOP JOIN, MAXDOP 1);

    INSERT INTO #met (customer_id)
    SELECT DISTINCT r.customer_id FROM #read r WHERE NOT EXISTS (SELECT 1 FROM #met m WHERE m.customer_id = r.customer_id);
    SET @at = @met + 1;
    SELECT @met = COALESCE(MAX(no), 0) FROM #met;
    SET @size = @met;
    WHILE @at <= @met
    BEGIN
      BEGIN TRY
        INSERT INTO #person (customer_id, live, group_id)
        SELECT c.customer_id, c.live, c.group_id FROM #met m JOIN tgn.customer c ON c.customer_id = m.customer_id
        WHERE m.no >= @at AND m.no < @at + @size
        OPTION (LOOP JOIN, MAXDOP 1);
        SET @at = @at + @size;
        SET @size = CASE WHEN @size > 100000 THEN @size ELSE @size * 2 END;
      END TRY
      BEGIN CATCH
        IF ERROR_NUMBER() <> 1222 THROW;
        -- The wait is over; who is still locked need not be waited for as long again, and once many are, not at all: a long transaction may hold
        -- them all.
        IF @locked < 5 SET LOCK_TIMEOUT 100;
        ELSE SET LOCK_TIMEOUT 1;
        IF @size = 1
        BEGIN
          SET @locked = @locked + 1;
          SET @at = @at + 1;
        END
        ELSE SET @size = (@size + 1) / 2;
      END CATCH;
    END;
    SET LOCK_TIMEOUT 2000;

    INSERT INTO #candidate (operation_id, id_text, date, customer_id, verdict, delivery_no)
    SELECT v.operation_id, v.id_text, v.date, v.customer_id, v.verdict, v.delivery_no
    FROM (
      SELECT r.operation_id, r.id_text, r.date, r.customer_id, r.delivery_no,
        CASE
          WHEN @mark_only = 1 THEN 'marked'
          WHEN r.date < @old_before THEN 'too_old'
          WHEN r.date < @late_before THEN 'late'
          WHEN s.state = 'active' THEN 'planned'
          WHEN s.state = 'suspended' THEN 'suspended'
          WHEN s.state IS NOT NULL THEN 'opted_out'
          WHEN @leave_unsubscribed = 1 THEN NULL
          ELSE 'not_subscribed'
        END AS verdict
      FROM #read r
      JOIN #person p ON p.customer_id = r.customer_id
      LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = r.customer_id
      WHERE p.live = 1
        AND (@groups_since <= r.date OR EXISTS (SELECT 1 FROM #chosen_group k WHERE k.item_id = p.group_id AND k.since <= r.date))
    ) v
    WHERE v.verdict IS NOT NULL AND NOT EXISTS (SELECT 1 FROM #candidate c WHERE c.operation_id = v.operation_id)
    OPTION (MAXDOP 1);
  END;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/check_schema.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Does the ledger fit the program? No parameters. Result: found, the ledger's version; null when install hasn't come to its end.
-- Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.check_schema;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.check_schema
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT MAX(version) AS found FROM tgn.ledger_schema;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/choose.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What a look may tell about, by account type and by customer group: the task's filters and, with @admitted_only, since when each is chosen
-- (a type or a group that was added to a task is told about from then on). The caller makes the two tables that it fills: #chosen_type and
-- #chosen_group (item_id, since), keyed, so that the select over operations asks once a row instead of walking the tree of groups.
-- Parameters: the bot and its task; the choice, or all. @types_since, @groups_since: since when everything of the kind is told about; null
-- where it isn't. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.choose;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.choose
  @bot_id bigint,
  @task_id varchar(100),
  @admitted_only bit,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit,
  @types_since datetime OUTPUT,
  @groups_since datetime OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #tree (group_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #recorded (kind varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, item_id uniqueidentifier NOT NULL, since datetime NOT NULL);
  SET @types_since = NULL;
  SET @groups_since = NULL;

  IF @all_groups = 0
    INSERT INTO #tree (group_id)
    SELECT DISTINCT g.group_id FROM @customer_groups w JOIN tgn.customer_group g ON g.ancestor_id = w.id;

  IF @admitted_only = 0
  BEGIN
    INSERT INTO #chosen_type (item_id, since) SELECT id, '17530101' FROM @account_types WHERE @all_types = 0;
    INSERT INTO #chosen_group (item_id, since) SELECT group_id, '17530101' FROM #tree;
    IF @all_types = 1 SET @types_since = '17530101';
    IF @all_groups = 1 SET @groups_since = '17530101';
    RETURN;
  END;

  INSERT INTO #recorded (kind, item_id, since)
  SELECT a.kind, CONVERT(uniqueidentifier, CASE WHEN a.item_id <> '*' THEN a.item_id END), a.since FROM tgn.admitted a
  WHERE a.bot_id = @bot_id AND a.task_id = @task_id AND a.item_id <> '*';
  SELECT @types_since = since FROM tgn.admitted WHERE bot_id = @bot_id AND task_id = @task_id AND kind = 'account_type' AND item_id = '*';
  SELECT @groups_since = since FROM tgn.admitted WHERE bot_id = @bot_id AND task_id = @task_id AND kind = 'customer_group' AND item_id = '*';

  -- When everything is chosen, what was chosen before everything was keeps its own, earlier time. A group is admitted by itself, by any group
  -- above it, or by everything, whichever came first.
  INSERT INTO #chosen_type (item_id, since)
  SELECT c.item_id, MIN(c.since)
  FROM (
    SELECT r.item_id, r.since FROM #recorded r
    WHERE r.kind = 'account_type' AND (@all_types = 1 OR EXISTS (SELECT 1 FROM @account_types w WHERE w.id = r.item_id))
    UNION ALL
    SELECT w.id, @types_since FROM @account_types w WHERE @all_types = 0 AND @types_since IS NOT NULL
  ) c
  GROUP BY c.item_id;
  INSERT INTO #chosen_group (item_id, since)
  SELECT c.item_id, MIN(c.since)
  FROM (
    SELECT g.group_id AS item_id, r.since FROM #recorded r JOIN tgn.customer_group g ON g.ancestor_id = r.item_id
    WHERE r.kind = 'customer_group' AND (@all_groups = 1 OR EXISTS (SELECT 1 FROM #tree t WHERE t.group_id = g.group_id))
    UNION ALL
    SELECT t.group_id, @groups_since FROM #tree t WHERE @groups_since IS NOT NULL
  ) c
  GROUP BY c.item_id;
  IF @all_types = 0 SET @types_since = NULL;
  IF @all_groups = 0 SET @groups_since = NULL;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/claim.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Claims up to @want notices, at most one a chat, going round the customers from where the last claim ended. Called by advance in its
-- transaction, after the guard; fills its #notice, #member, #person, #seen, #skipped. What has become pointless ends here, with its reason:
-- an operation or customer that is gone, a subscription that ended. Filters are not judged again.
-- Parameters: the bot, the run, the server's clocks; the claim's id; the place of the rotation (@turn, moved on); customers and operations that
-- narrow the claim; the digest's rule in milliseconds; @expired as in record. @next_due: when the next planned row may be claimed, never later
-- than the truth, null when none is left; in 5 s where so many guests were locked that the claim gave up without having seen all.
-- The customers are taken in rounds, each judged by sets: so a claim costs what it claims and not what waits. Locks: the rows that change,
-- until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.claim;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.claim
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @wall datetime,
  @claim_id varchar(40),
  @want int,
  @turn uniqueidentifier OUTPUT,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @gap_ms int,
  @wait_ms int,
  @expired datetime2(3),
  @next_due datetime2(3) OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A notice holds at most 20 operations: more would be a message that nobody reads. Beyond a full batch so many customers are looked at.
  DECLARE @look_beyond int, @lap int, @start uniqueidentifier, @cursor uniqueidentifier, @inclusive bit, @size int, @got int;
  DECLARE @claimed int, @beyond int, @judging bit, @at_once bit, @soon datetime2(3), @zone_ms int, @marked int, @due datetime2(3), @used bit, @ready int;
  DECLARE @stop uniqueidentifier, @locked int;
  -- Whom the claim is narrowed to. A small set that no other procedure reads: a table variable has no statistics whose change compiles anew.
  DECLARE @walk TABLE (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #round (no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, judged bit NOT NULL);
  CREATE TABLE #head (
    no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, oldest datetime NOT NULL, repeat int NOT NULL, attempt_no bigint NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NULL, language varchar(5) COLLATE Latin1_General_BIN2 NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NULL, due_utc datetime2(3) NOT NULL, ready_utc datetime2(3) NULL
  );
  CREATE TABLE #go (no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #row (
    delivery_no bigint NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, place int NOT NULL, operation_id uniqueidentifier NOT NULL,
    operation_date datetime NOT NULL, task_no int NOT NULL, repeat int NOT NULL, tries int NOT NULL, attempt_no bigint NULL,
    not_before_utc datetime2(3) NULL, planned_utc datetime2(3) NOT NULL, fate varchar(10) COLLATE Latin1_General_BIN2 NULL,
    good int NULL
  );
  CREATE TABLE #end (delivery_no bigint NOT NULL PRIMARY KEY, reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL);
  CREATE TABLE #stuck (customer_id uniqueidentifier NOT NULL PRIMARY KEY);

  IF @any_operation = 0
    INSERT INTO @walk (customer_id)
    SELECT DISTINCT d.customer_id FROM @operations w JOIN tgn.delivery d ON d.bot_id = @bot_id AND d.operation_id = w.id
    WHERE d.state = 'planned' AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM @customers c WHERE c.id = d.customer_id));
  ELSE IF @any_customer = 0
    INSERT INTO @walk (customer_id) SELECT id FROM @customers;

  SELECT @look_beyond = 51, @lap = 1, @start = @turn, @cursor = COALESCE(@turn, '00000000-0000-0000-0000-000000000000'),
    @inclusive = CASE WHEN @turn IS NULL THEN 1 ELSE 0 END, @claimed = 0, @beyond = 0, @at_once = 0, @used = 0, @locked = 0, @soon = DATEADD(ms, 1000, @now),
    @stop = 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF';
  -- How far the server's wall clock is ahead of UTC, in whole minutes: the wall clock itself has a grain of 1/300 s.
  SET @zone_ms = 60000 * CAST(ROUND(DATEDIFF(ms, CAST(@now AS datetime), @wall) / 60000.0, 0) AS int);
  -- So many locked guests end a claim: whoever comes next is probably locked too, and each round waits for them anew.
  WHILE @lap <= 2 AND @beyond < @look_beyond AND @at_once = 0 AND @locked < 20
  BEGIN
    SET @judging = CASE WHEN @claimed < @want THEN 1 ELSE 0 END;
    SET @size = CASE WHEN @judging = 1 THEN @want - @claimed + 20 ELSE @look_beyond - @beyond END;
    DELETE FROM #round;
    IF @any_operation = 0 OR @any_customer = 0
      INSERT INTO #round (no, customer_id, judged)
      SELECT ROW_NUMBER() OVER (ORDER BY t.customer_id), t.customer_id, 0
      FROM (
        SELECT TOP (@size) w.customer_id FROM @walk w
        WHERE w.customer_id >= @cursor AND (@inclusive = 1 OR w.customer_id > @cursor) AND w.customer_id <= @stop
        ORDER BY w.customer_id
      ) t;
    ELSE
      INSERT INTO #round (no, customer_id, judged)
      SELECT ROW_NUMBER() OVER (ORDER BY t.customer_id), t.customer_id, 0
      FROM (
        SELECT TOP (@size) d.customer_id FROM tgn.delivery d
        WHERE d.state = 'planned' AND d.bot_id = @bot_id
          AND d.customer_id >= @cursor AND (@inclusive = 1 OR d.customer_id > @cursor) AND d.customer_id <= @stop
        GROUP BY d.customer_id ORDER BY d.customer_id
      ) t
      OPTION (MAXDOP 1);
    SET @got = @@ROWCOUNT;
    IF @got > 0 SELECT @cursor = customer_id FROM #round WHERE no = @got;
    SET @inclusive = 0;
    IF @judging = 1 AND @got > 0 SET @turn = @cursor;

    IF @judging = 0
    BEGIN
      EXEC tgn.find_heads @bot_id, @run_no, @now, @operations, @any_operation;
      SELECT @due = CASE WHEN @due <= MIN(due_utc) THEN @due ELSE COALESCE(MIN(due_utc), @due) END FROM #head;
      SET @beyond = @beyond + @got;
      IF EXISTS (SELECT 1 FROM #head WHERE due_utc <= @now) SET @at_once = 1;
    END
    ELSE
      -- Again for those whose head has ended: whoever is their head then is judged from the beginning.
      WHILE EXISTS (SELECT 1 FROM #round WHERE judged = 0)
      BEGIN
        IF @used = 1
        BEGIN
          DELETE FROM #end;
          DELETE FROM #go;
          DELETE FROM #row;
          DELETE FROM #stuck;
        END;
        SET @used = 1;
        EXEC tgn.find_heads @bot_id, @run_no, @now, @operations, @any_operation;
        IF EXISTS (SELECT 1 FROM #head WHERE reason IS NOT NULL)
          INSERT INTO #end (delivery_no, reason)
          SELECT d.delivery_no, h.reason FROM #head h JOIN tgn.delivery d ON d.customer_id = h.customer_id
          WHERE d.state = 'planned' AND d.bot_id = @bot_id AND h.reason IS NOT NULL
            AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id));
        SELECT @due = CASE WHEN @due <= MIN(due_utc) THEN @due ELSE COALESCE(MIN(due_utc), @due) END FROM #head WHERE reason IS NULL AND due_utc > @now;
        INSERT INTO #go (no, customer_id) SELECT ROW_NUMBER() OVER (ORDER BY no), customer_id FROM #head WHERE reason IS NULL AND due_utc <= @now;
        UPDATE r SET judged = 1 FROM #round r WHERE NOT EXISTS (SELECT 1 FROM #go g WHERE g.customer_id = r.customer_id);

        -- What may belong to one notice: rows up to a date, or the rows of one attempt in doubt.
        INSERT INTO #row (delivery_no, customer_id, place, operation_id, operation_date, task_no, repeat, tries, attempt_no, not_before_utc, planned_utc)
        SELECT d.delivery_no, g.customer_id, ROW_NUMBER() OVER (PARTITION BY g.customer_id ORDER BY d.operation_date, d.id_text), d.operation_id,
          d.operation_date, d.task_no, d.repeat, d.tries, d.attempt_no, d.not_before_utc, d.planned_utc
        FROM #go g
        JOIN #head h ON h.customer_id = g.customer_id
        CROSS APPLY (
          SELECT TOP (20) p.delivery_no, p.operation_id, CONVERT(char(36), p.operation_id) AS id_text, p.operation_date, p.task_no, p.repeat, p.tries,
            p.attempt_no, p.not_before_utc, p.planned_utc
          FROM tgn.delivery p
          WHERE p.state = 'planned' AND p.bot_id = @bot_id AND p.customer_id = g.customer_id
            AND ((h.repeat = 1 AND p.attempt_no = h.attempt_no)
              OR (h.repeat = 0 AND p.operation_date <= CASE WHEN h.oldest >= '99990101' THEN h.oldest ELSE DATEADD(ms, @gap_ms * 19, h.oldest) END))
            AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = p.operation_id))
          ORDER BY p.operation_date, CONVERT(char(36), p.operation_id)
        ) d
        OPTION (MAXDOP 1);
        EXEC tgn.read_fresh;

        SELECT @locked = @locked + COUNT(*) FROM #stuck;
        IF EXISTS (SELECT 1 FROM #stuck) SET @due = CASE WHEN @due <= DATEADD(ms, 5000, @now) THEN @due ELSE DATEADD(ms, 5000, @now) END;
        IF EXISTS (
          SELECT 1 FROM #go g
          WHERE NOT EXISTS (SELECT 1 FROM #person p WHERE p.customer_id = g.customer_id AND p.live = 1)
        )
        BEGIN
          INSERT INTO #end (delivery_no, reason)
          SELECT d.delivery_no, 'removed' FROM #go g JOIN tgn.delivery d ON d.customer_id = g.customer_id
          WHERE d.state = 'planned' AND d.bot_id = @bot_id
            AND NOT EXISTS (SELECT 1 FROM #person p WHERE p.customer_id = g.customer_id AND p.live = 1)
            AND NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = g.customer_id)
            AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id));
          DELETE r FROM #row r
          WHERE NOT EXISTS (SELECT 1 FROM #person p WHERE p.customer_id = r.customer_id AND p.live = 1);
        END;
        IF EXISTS (SELECT 1 FROM #stuck)
          DELETE r FROM #row r WHERE EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = r.customer_id);

        UPDATE r SET fate = 'removed' FROM #row r WHERE NOT EXISTS (SELECT 1 FROM #seen s WHERE s.operation_id = r.operation_id);
        UPDATE r SET fate = CASE WHEN s.customer_id <> r.customer_id THEN 'follow' ELSE 'too_old' END
        FROM #row r JOIN #seen s ON s.operation_id = r.operation_id
        WHERE s.customer_id <> r.customer_id OR (r.tries > 0 AND r.repeat = 0 AND r.planned_utc < @expired);
        INSERT INTO #end (delivery_no, reason) SELECT delivery_no, fate FROM #row WHERE fate IN ('removed', 'too_old');
        IF EXISTS (SELECT 1 FROM #end)
        BEGIN
          UPDATE d SET state = 'skipped', reason = e.reason, changed_utc = @now
          FROM tgn.delivery d JOIN #end e ON e.delivery_no = d.delivery_no
          WHERE d.state = 'planned';
          INSERT INTO #skipped (reason) SELECT reason FROM #end;
        END;
        IF EXISTS (SELECT 1 FROM #row WHERE fate = 'follow')
          -- Staff have given the operation to another customer: it is theirs now, and nobody else is told.
          UPDATE d SET customer_id = s.customer_id, operation_date = s.date, changed_utc = @now
          FROM tgn.delivery d JOIN #row r ON r.delivery_no = d.delivery_no JOIN #seen s ON s.operation_id = r.operation_id
          WHERE d.state = 'planned' AND r.fate = 'follow';
        UPDATE r SET judged = 1 FROM #round r
        WHERE NOT EXISTS (SELECT 1 FROM #row x WHERE x.customer_id = r.customer_id AND x.place = 1 AND x.fate IS NOT NULL);
        IF EXISTS (SELECT 1 FROM #round WHERE judged = 0)
          DELETE r FROM #row r WHERE EXISTS (SELECT 1 FROM #round x WHERE x.customer_id = r.customer_id AND x.judged = 0);

        -- The rows that go into one notice, from the oldest on: one task's, each at most the gap after the one before. What is told once more
        -- keeps the company it had when its outcome was lost, so that a guest can recognize it.
        UPDATE r SET good = b.place
        FROM #row r
        JOIN (
          SELECT n.delivery_no, n.place, SUM(
            CASE
              WHEN n.place = 1 THEN 0
              WHEN n.task_no <> n.task_before OR n.repeat <> n.repeat_before OR n.not_before_utc > @now THEN 1
              WHEN n.repeat = 1 THEN CASE WHEN n.attempt_no = n.attempt_before THEN 0 ELSE 1 END
              WHEN @gap_ms = 0 OR DATEDIFF(day, n.date_before, n.operation_date) > 1 THEN 1
              WHEN DATEDIFF(ms, n.date_before, n.operation_date) > @gap_ms THEN 1
              ELSE 0
            END) OVER (PARTITION BY n.customer_id ORDER BY n.place ROWS UNBOUNDED PRECEDING) AS breaks
          FROM (
            SELECT r.delivery_no, r.customer_id, r.task_no, r.repeat, r.attempt_no, r.not_before_utc, r.operation_date,
              ROW_NUMBER() OVER (PARTITION BY r.customer_id ORDER BY r.place) AS place,
              LAG(r.task_no) OVER (PARTITION BY r.customer_id ORDER BY r.place) AS task_before,
              LAG(r.repeat) OVER (PARTITION BY r.customer_id ORDER BY r.place) AS repeat_before,
              LAG(r.attempt_no) OVER (PARTITION BY r.customer_id ORDER BY r.place) AS attempt_before,
              LAG(r.operation_date) OVER (PARTITION BY r.customer_id ORDER BY r.place) AS date_before
            FROM #row r WHERE r.fate IS NULL
          ) n
        ) b ON b.delivery_no = r.delivery_no
        WHERE b.breaks = 0;
        -- A group may be claimed the wait after its newest operation, by the wall clock of its date, or by the time it was planned, whichever comes
        -- first: a date in the future holds nothing up, nor does a clock that was set back.
        UPDATE h SET ready_utc = CASE
            WHEN r.repeat = 1 OR r.planned_utc > @now OR DATEADD(ms, @wait_ms, r.planned_utc) <= @now THEN @now
            WHEN DATEDIFF(day, @wall, r.operation_date) > 1 THEN DATEADD(ms, @wait_ms, r.planned_utc)
            WHEN DATEADD(ms, @wait_ms - @zone_ms, CAST(r.operation_date AS datetime2(3))) <= @now THEN @now
            WHEN DATEADD(ms, -@zone_ms, CAST(r.operation_date AS datetime2(3))) < r.planned_utc
              THEN DATEADD(ms, @wait_ms - @zone_ms, CAST(r.operation_date AS datetime2(3)))
            ELSE DATEADD(ms, @wait_ms, r.planned_utc)
          END
        FROM #head h
        JOIN #row r ON r.customer_id = h.customer_id
        JOIN (SELECT customer_id, MAX(good) AS good FROM #row WHERE good IS NOT NULL GROUP BY customer_id) m ON m.customer_id = r.customer_id AND m.good = r.good;
        SELECT @due = CASE WHEN @due <= MIN(ready_utc) THEN @due ELSE COALESCE(MIN(ready_utc), @due) END FROM #head WHERE ready_utc > @now;
        UPDATE #head SET ready_utc = NULL WHERE ready_utc > @now;
        -- A claim writes to a chat once.
        UPDATE h SET ready_utc = NULL FROM #head h WHERE ready_utc IS NOT NULL
          AND EXISTS (SELECT 1 FROM #head f WHERE f.chat_id = h.chat_id AND f.ready_utc IS NOT NULL AND f.no < h.no);
        IF @@ROWCOUNT > 0 SET @due = CASE WHEN @due <= @soon THEN @due ELSE @soon END;
        SELECT @ready = COUNT(*) FROM #head WHERE ready_utc IS NOT NULL;
        IF @ready >= @want - @claimed
        BEGIN
          IF @ready > @want - @claimed SET @at_once = 1;
          UPDATE #head SET ready_utc = NULL WHERE no NOT IN (SELECT TOP (@want - @claimed) no FROM #head WHERE ready_utc IS NOT NULL ORDER BY no);
          SELECT TOP (1) @turn = customer_id FROM #head WHERE ready_utc IS NOT NULL ORDER BY no DESC;
        END;
        IF @ready > 0 AND @claimed < @want
        BEGIN
          EXEC tgn.mark_sending @bot_id, @run_no, @now, @claim_id, @marked OUTPUT;
          SET @claimed = @claimed + @marked;
        END;
      END;

    IF @got < @size
    BEGIN
      -- The lap is over. The second one ends where the first has begun.
      SET @lap = CASE WHEN @lap = 1 AND @start IS NOT NULL THEN 2 ELSE 3 END;
      SET @stop = @start;
      SET @cursor = '00000000-0000-0000-0000-000000000000';
      SET @inclusive = 1;
    END;
  END;

  SET @next_due = @now;
  IF @at_once = 1 RETURN;
  -- Further guests, when what was claimed is on its way; without any, when a locked one may be free.
  IF @locked >= 20 AND @claimed = 0 SET @next_due = DATEADD(ms, 5000, @now);
  IF @lap <= 2 RETURN;
  -- All have been seen: what else is planned for those in this batch comes when their chats are free again.
  IF EXISTS (
    SELECT 1 FROM #notice n JOIN tgn.delivery d ON d.customer_id = n.customer_id
    WHERE d.state = 'planned' AND d.bot_id = @bot_id
      AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id))
  ) SET @due = CASE WHEN @due <= @soon THEN @due ELSE @soon END;
  IF @due IS NOT NULL SET @next_due = @due;
  -- Rows that found another customer while this claim went round.
  ELSE IF NOT EXISTS (
    SELECT 1 FROM tgn.delivery d
    WHERE d.state = 'planned' AND d.bot_id = @bot_id
      AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM @customers c WHERE c.id = d.customer_id))
      AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id))
  ) SET @next_due = NULL;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/claim_again.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The notices of a claim that was asked for before and whose calls haven't ended. Called by advance in its transaction; fills its #notice, #member,
-- #person and #seen. Parameters: the bot, the run, the claim's id. Locks: none of its own.
DROP PROCEDURE IF EXISTS tgn.claim_again;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.claim_again
  @bot_id bigint,
  @run_no int,
  @claim_id varchar(40)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #go (no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #row (
    delivery_no bigint NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, operation_id uniqueidentifier NOT NULL,
    operation_date datetime NOT NULL, attempt_no bigint NOT NULL, task_no int NOT NULL, repeat int NOT NULL, tries int NOT NULL
  );
  CREATE TABLE #stuck (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #row (delivery_no, customer_id, operation_id, operation_date, attempt_no, task_no, repeat, tries)
  SELECT d.delivery_no, d.customer_id, d.operation_id, d.operation_date, d.attempt_no, d.task_no, d.repeat, d.tries
  FROM tgn.attempt a JOIN tgn.delivery d ON d.attempt_no = a.attempt_no
  WHERE a.claim_id = @claim_id AND a.run_no = @run_no AND a.finished_utc IS NULL AND d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = @run_no;
  INSERT INTO #go (no, customer_id)
  SELECT ROW_NUMBER() OVER (ORDER BY c.customer_id), c.customer_id FROM (SELECT DISTINCT customer_id FROM #row) c;
  EXEC tgn.read_fresh;
  -- Nobody is told of what can't be read; the call's outcome then stays unknown.
  INSERT INTO #notice (attempt_no, customer_id, chat_id, language)
  SELECT a.attempt_no, r.customer_id, a.chat_id, h.language
  FROM (SELECT DISTINCT attempt_no, customer_id FROM #row) r
  JOIN tgn.attempt a ON a.attempt_no = r.attempt_no
  LEFT JOIN tgn.chat h ON h.bot_id = @bot_id AND h.chat_id = a.chat_id
  WHERE NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = r.customer_id)
    AND EXISTS (SELECT 1 FROM #row x JOIN #seen s ON s.operation_id = x.operation_id WHERE x.attempt_no = r.attempt_no);
  INSERT INTO #member (delivery_no, attempt_no, operation_id, place, task_no, repeat, tries)
  SELECT r.delivery_no, r.attempt_no, r.operation_id,
    ROW_NUMBER() OVER (PARTITION BY r.attempt_no ORDER BY r.operation_date, CONVERT(char(36), r.operation_id)), r.task_no, r.repeat, r.tries
  FROM #row r JOIN #notice n ON n.attempt_no = r.attempt_no;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/confirm.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Proves the lock and stamps the heartbeat. Parameters: @bot_id, @run_no. Result: answer held | lost. Locks: the run's row.
DROP PROCEDURE IF EXISTS tgn.confirm;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.confirm
  @bot_id bigint,
  @run_no int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 1 UPDATE tgn.run SET heartbeat_utc = @now WHERE run_no = @run_no;
  COMMIT TRANSACTION;
  SELECT CASE WHEN @held = 1 THEN 'held' ELSE 'lost' END AS answer;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/count_forgers.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Distinct chats that came with a forged link. Parameters: @bot_id, @since. Result: chats. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.count_forgers;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.count_forgers
  @bot_id bigint,
  @since datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT COUNT(DISTINCT chat_id) AS chats FROM tgn.refused_link WHERE bot_id = @bot_id AND at_utc >= @since AND reason = 'forged';
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/describe_filters.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Names of a task's account types and customer groups. Parameters: their ids. Result: id, name, deleted, one set of either kind; an id that
-- Tillypad doesn't have is absent. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.describe_filters;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.describe_filters
  @account_types tgn.id_list_1 READONLY,
  @customer_groups tgn.id_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @types tgn.id_list_1;
  DECLARE @groups tgn.id_list_1;
  INSERT INTO @types (id) SELECT id FROM @account_types;
  INSERT INTO @groups (id) SELECT id FROM @customer_groups;
  SELECT w.id, t.name, t.deleted INTO #type FROM @types w JOIN tgn.account_type t ON t.account_type_id = w.id;
  SELECT w.id, g.name, g.deleted INTO #group FROM @groups w JOIN tgn.customer_group g ON g.group_id = w.id AND g.ancestor_id = w.id;
  SELECT id, name, deleted FROM #type ORDER BY name, CONVERT(char(36), id);
  SELECT id, name, deleted FROM #group ORDER BY name, CONVERT(char(36), id);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/fill_balances.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Balances of operations that are about to be told. The caller makes the table whose column `balance` it fills: #told (operation_id, id_text,
-- date, customer_id, account_type_id, balance); where none can be told safely it stays null. Parameter: @meaning after | current | off. The
-- balance after an operation is the current one (tgn.balance) less what came later in the order of (date, id_text).
-- No balance: a history above 20,000 operations (summing it would hold everybody up), one that somebody has locked, one that grew or shrank while
-- it was read, sums that no decimal holds. Nothing here fails: a notice without the line is better than none.
-- Locks: none that outlast a row's reading; called when no transaction is open.
DROP PROCEDURE IF EXISTS tgn.fill_balances;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.fill_balances
  @meaning varchar(10)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  IF @meaning NOT IN ('after', 'current') OR NOT EXISTS (SELECT 1 FROM #told) RETURN;
  DECLARE @at int, @last int, @size int;
  DECLARE @payer TABLE (no int NOT NULL, customer_id uniqueidentifier NOT NULL PRIMARY KEY, operations int NULL, changed bit NOT NULL);
  DECLARE @current TABLE (customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL, PRIMARY KEY (customer_id, account_type_id));
  DECLARE @later TABLE (operation_id uniqueidentifier NOT NULL PRIMARY KEY, sum decimal(38, 4) NOT NULL);
  INSERT INTO @payer (no, customer_id, changed)
  SELECT ROW_NUMBER() OVER (ORDER BY t.customer_id), t.customer_id, 0 FROM (SELECT DISTINCT customer_id FROM #told) t;
  SELECT @last = COUNT(*) FROM @payer;
  SET @at = 1;
  SET @size = @last;
  WHILE @at <= @last
  BEGIN
    IF @at > 1 OR @size < @last
    BEGIN
      DELETE FROM @current;
      DELETE FROM @later;
    END;
    BEGIN TRY
      UPDATE p SET changed = 0, operations = (
        SELECT COUNT(*) FROM (SELECT TOP (20001) o.operation_id FROM tgn.operation o WHERE o.customer_id = p.customer_id) x
      )
      FROM @payer p WHERE p.no >= @at AND p.no < @at + @size
      OPTION (MAXDOP 1);
      INSERT INTO @current (customer_id, account_type_id, balance)
      -- Asked for one account at a time: a sum over all customers' operations must never be made for a few of them.
      SELECT a.customer_id, a.account_type_id, (
        SELECT b.balance FROM tgn.balance b WHERE b.customer_id = a.customer_id AND b.account_type_id = a.account_type_id
      )
      FROM (
        SELECT DISTINCT t.customer_id, t.account_type_id FROM #told t JOIN @payer p ON p.customer_id = t.customer_id
        WHERE p.no >= @at AND p.no < @at + @size AND p.operations <= 20000
      ) a
      OPTION (MAXDOP 1);
      IF @meaning = 'after'
      BEGIN
        INSERT INTO @later (operation_id, sum)
        SELECT t.operation_id, COALESCE((
          SELECT SUM(o.sum) FROM tgn.operation o
          WHERE o.customer_id = t.customer_id AND o.account_type_id = t.account_type_id
            AND (o.date > t.date OR (o.date = t.date AND CONVERT(char(36), o.operation_id) COLLATE Latin1_General_BIN2 > t.id_text))
        ), 0)
        FROM #told t JOIN @payer p ON p.customer_id = t.customer_id
        WHERE p.no >= @at AND p.no < @at + @size AND p.operations <= 20000
        OPTION (MAXDOP 1);
        UPDATE p SET changed = 1 FROM @payer p
        WHERE p.no >= @at AND p.no < @at + @size AND p.operations <= 20000
          AND p.operations <> (SELECT COUNT(*) FROM tgn.operation o WHERE o.customer_id = p.customer_id)
        OPTION (MAXDOP 1);
      END;
      UPDATE t SET balance = c.balance - COALESCE((SELECT l.sum FROM @later l WHERE l.operation_id = t.operation_id), 0)
      FROM #told t
      JOIN @current c ON c.customer_id = t.customer_id AND c.account_type_id = t.account_type_id
      JOIN @payer p ON p.customer_id = t.customer_id
      WHERE p.changed = 0;
      SET @at = @at + @size;
      SET @size = CASE WHEN @size > 100000 THEN @size ELSE @size * 2 END;
    END TRY
    BEGIN CATCH
      SET LOCK_TIMEOUT 100;
      IF @size = 1 SET @at = @at + 1;
      ELSE SET @size = (@size + 1) / 2;
    END CATCH;
  END;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/find_ancestors.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Groups above guests' groups, for own texts that hold for a group and its descendants. Parameter: @again, after a wait for a lock that was in vain:
-- it isn't waited for as long once more. No result. The caller makes the two tables: #group (group_id, done), whose rows that aren't done it takes,
-- and #above (group_id, ancestor_id, distance), which it fills; the nearest has distance 1. A loop in the tree ends by the limit, and no group is
-- above itself.
-- Locks: none that outlast a row's reading. XACT_ABORT is off while it reads, so that a lock timeout doesn't undo what a caller has recorded.
DROP PROCEDURE IF EXISTS tgn.find_ancestors;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.find_ancestors
  @again bit = 0
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  IF NOT EXISTS (SELECT 1 FROM #group WHERE done = 0) RETURN;
  IF @again = 1 SET LOCK_TIMEOUT 10;
  SET XACT_ABORT OFF;
  WITH above (group_id, ancestor_id, distance) AS (
    SELECT g.group_id, p.parent_id, 1 FROM #group g JOIN tgn.customer_group_parent p ON p.group_id = g.group_id WHERE g.done = 0
    UNION ALL
    SELECT a.group_id, p.parent_id, a.distance + 1 FROM above a JOIN tgn.customer_group_parent p ON p.group_id = a.ancestor_id WHERE a.distance < 99
  )
  INSERT INTO #above (group_id, ancestor_id, distance)
  SELECT group_id, ancestor_id, MIN(distance) FROM above WHERE ancestor_id IS NOT NULL AND ancestor_id <> group_id
  GROUP BY group_id, ancestor_id
  OPTION (LOOP JOIN, MAXDOP 1);
  UPDATE #group SET done = 1 WHERE done = 0;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/find_customers.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Customers by id, or by digits of a phone. Parameters: @customer_id or @digits (the last ten, digits alone). Result: customer_id, customer_name,
-- group_id, group_name, live and the subscription of whichever bot knows the customer best (chat_id, state, origin, epoch), null where there is
-- none; in the order of ids. Then, by digits, the phones among which they stand: customer_id, phone. Phones are free text: these hold the digits one
-- after the other once what people put between them is left out; the program reads them more closely.
-- Locks: none that outlast a row's reading. By digits all customers are read.
DROP PROCEDURE IF EXISTS tgn.find_customers;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.find_customers
  @customer_id uniqueidentifier,
  @digits varchar(20)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #phone (customer_id uniqueidentifier NOT NULL, phone nvarchar(4000) COLLATE DATABASE_DEFAULT NOT NULL);
  CREATE TABLE #found (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  IF @customer_id IS NOT NULL INSERT INTO #found (customer_id) VALUES (@customer_id);
  ELSE
  BEGIN
    -- Character by character: a dash may weigh nothing in a collation of words, and the three columns may have unlike ones.
    INSERT INTO #phone (customer_id, phone)
    SELECT TOP (1000) x.customer_id, LEFT(x.phone, 4000)
    FROM (
      SELECT customer_id, CAST(phone AS nvarchar(max)) COLLATE Latin1_General_BIN2 AS phone FROM tgn.customer_phone
      UNION ALL
      SELECT customer_id, CAST(phones_xml AS nvarchar(max)) COLLATE Latin1_General_BIN2 FROM tgn.customer WHERE phones_xml IS NOT NULL
      UNION ALL
      SELECT customer_id, CAST(profile_phone AS nvarchar(max)) COLLATE Latin1_General_BIN2 FROM tgn.customer WHERE profile_phone IS NOT NULL
    ) x
    WHERE REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(x.phone, N' ', N''), NCHAR(160), N''), NCHAR(9), N''), NCHAR(10), N''), NCHAR(13), N''), N'(', N''), N')', N''), N'+', N''), N'.', N''), N'/', N''), N'-', N''), NCHAR(8208), N''), NCHAR(8209), N''), NCHAR(8210), N''), NCHAR(8211), N''), NCHAR(8212), N''), NCHAR(8213), N'') LIKE N'%' + @digits + N'%'
    OPTION (MAXDOP 1);
    INSERT INTO #found (customer_id) SELECT DISTINCT customer_id FROM #phone;
  END;

  SELECT c.customer_id, c.name AS customer_name, c.group_id, c.group_name, c.live, s.chat_id, s.state, s.origin, s.epoch
  INTO #known
  FROM #found f
  JOIN tgn.customer c ON c.customer_id = f.customer_id
  LEFT JOIN (
    SELECT customer_id, chat_id, state, origin, epoch,
      ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY CASE WHEN state = 'active' THEN 0 ELSE 1 END, changed_utc DESC, bot_id) AS place
    FROM tgn.subscription WHERE customer_id IN (SELECT customer_id FROM #found)
  ) s ON s.customer_id = c.customer_id AND s.place = 1
  OPTION (MAXDOP 1);
  SELECT customer_id, customer_name, group_id, group_name, live, chat_id, state, origin, epoch FROM #known ORDER BY CONVERT(char(36), customer_id);
  SELECT customer_id, phone FROM #phone;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/find_heads.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The customers of a claim's round by the oldest row that is planned for each, and when and where they can be reached. Called by claim, whose
-- tables it reads and fills: #round (no, customer_id, judged), #head. A customer without planned rows gets no head. `reason`: nothing of
-- theirs can be told any more. `due_utc`: when the head could be sent at the earliest, as far as the head alone tells; a chat is written to at
-- most once a second (Telegram's own rule), and a moment in the future is a clock that was set back and holds nobody up.
-- Parameters: the bot, the run, the time, operations that narrow the claim. Locks: none of its own.
DROP PROCEDURE IF EXISTS tgn.find_heads;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.find_heads
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @operations tgn.id_list_1 READONLY,
  @any_operation bit
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @soon datetime2(3), @second_ago datetime2(3);
  SET @soon = DATEADD(ms, 1000, @now);
  SET @second_ago = DATEADD(ms, -1000, @now);

  DELETE FROM #head;
  INSERT INTO #head (no, customer_id, oldest, repeat, attempt_no, chat_id, language, reason, due_utc)
  SELECT r.no, r.customer_id, m.oldest, f.repeat, f.attempt_no, s.chat_id, h.language,
    CASE WHEN s.state IS NULL THEN 'not_subscribed' WHEN s.state = 'active' THEN NULL WHEN s.state = 'suspended' THEN 'suspended' ELSE 'opted_out' END,
    CASE
      WHEN b.chat_id IS NOT NULL THEN @soon
      WHEN h.written_utc > @second_ago AND h.written_utc <= @now
        THEN CASE WHEN f.not_before_utc > DATEADD(ms, 1000, h.written_utc) THEN f.not_before_utc ELSE DATEADD(ms, 1000, h.written_utc) END
      WHEN f.not_before_utc > @now THEN f.not_before_utc
      ELSE @now
    END
  FROM #round r
  CROSS APPLY (
    SELECT MIN(d.operation_date) AS oldest FROM tgn.delivery d
    WHERE d.state = 'planned' AND d.bot_id = @bot_id AND d.customer_id = r.customer_id
      AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id))
  ) m
  CROSS APPLY (
    SELECT TOP (1) d.repeat, d.attempt_no, d.not_before_utc FROM tgn.delivery d
    WHERE d.state = 'planned' AND d.bot_id = @bot_id AND d.customer_id = r.customer_id AND d.operation_date = m.oldest
      AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id))
    ORDER BY CONVERT(char(36), d.operation_id)
  ) f
  LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = r.customer_id
  LEFT JOIN tgn.chat h ON h.bot_id = @bot_id AND h.chat_id = s.chat_id
  -- Few at any time: the calls on the wire.
  LEFT JOIN (SELECT DISTINCT a.chat_id FROM tgn.attempt a WHERE a.bot_id = @bot_id AND a.run_no = @run_no AND a.finished_utc IS NULL) b
    ON b.chat_id = s.chat_id
  WHERE r.judged = 0
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/find_subscribers.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Who and what a page of updates is about: the customers and chats asked for, the chats that the customers sit in, and everybody who sits in any
-- of these chats. Parameters: @bot_id, @customers, @chats. Result: three sets: subscriptions, chats, customers.
-- Takes no lock that outlives it; waits at most 2 s for a customer whom Tillypad is writing.
DROP PROCEDURE IF EXISTS tgn.find_subscribers;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.find_subscribers
  @bot_id bigint,
  @customers tgn.id_list_1 READONLY,
  @chats tgn.text_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #asked (id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #asked (id) SELECT id FROM @customers;
  CREATE TABLE #named (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #named (item) SELECT item FROM @chats;
  CREATE TABLE #chats (chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #chats (chat_id)
  SELECT item FROM #named
  UNION
  SELECT chat_id FROM tgn.subscription WHERE bot_id = @bot_id AND customer_id IN (SELECT id FROM #asked);
  CREATE TABLE #customers (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, customer_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NULL
  );
  INSERT INTO #customers (customer_id, customer_name, group_id, group_name, live)
  SELECT c.customer_id, c.name, c.group_id, c.group_name, c.live
  FROM tgn.customer c
  WHERE c.customer_id IN (
    SELECT id FROM #asked
    UNION
    SELECT s.customer_id FROM tgn.subscription s JOIN #chats h ON h.chat_id = s.chat_id WHERE s.bot_id = @bot_id
  )
  OPTION (MAXDOP 1);
  SELECT s.customer_id, s.chat_id, s.state, s.origin, s.epoch
  FROM tgn.subscription s JOIN #chats h ON h.chat_id = s.chat_id
  WHERE s.bot_id = @bot_id
  ORDER BY CAST(s.customer_id AS char(36));
  SELECT c.chat_id, c.language FROM tgn.chat c JOIN #chats h ON h.chat_id = c.chat_id WHERE c.bot_id = @bot_id ORDER BY c.chat_id;
  SELECT customer_id, customer_name, group_id, group_name, live FROM #customers ORDER BY CAST(customer_id AS char(36));
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/find_written.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Operations that were written or edited since the last look, whatever their date, where Tillypad keeps a rowversion of them: a look by dates
-- alone would find a back-dated one only when a longer look comes. The caller makes the table that it fills: #written (date, operation_id).
-- Parameters: the bot and its task; the dates that count, from @low to before @before; @version: below it the look sees everything, null when it
-- begins. It gives @version back as what the task's version becomes when the look is planned completely; null: the task's stays.
-- At most 20,000 at once: when somebody writes to all of them, an upgrade perhaps, each look takes the next ones. A task's version above the
-- database's is that of another database, or of this one before it was restored: nothing is found by it, and the look's end makes it known anew.
-- Locks: none that outlast a row's reading, and no transaction is open. Absence means never here, so a locked operation is waited for; when it
-- stays locked, nothing is found, and the next look begins where this one did.
DROP PROCEDURE IF EXISTS tgn.find_written;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.find_written
  @bot_id bigint,
  @task_id varchar(100),
  @low datetime,
  @before datetime,
  @version bigint OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @since bigint, @first binary(8), @end binary(8), @read int;
  IF @version IS NULL SELECT @version = CAST(version AS bigint) FROM tgn.active_version;
  SELECT @since = version FROM tgn.task WHERE bot_id = @bot_id AND task_id = @task_id;
  IF @version IS NULL OR @since IS NULL OR @since >= @version RETURN;

  -- Compared as they are stored: a converted column would be read from its beginning.
  SELECT @first = CAST(@since AS binary(8)), @end = CAST(@version AS binary(8));
  CREATE TABLE #version (version binary(8) NOT NULL, date datetime NOT NULL, operation_id uniqueidentifier NOT NULL);
  BEGIN TRY
    INSERT INTO #version (version, date, operation_id)
    SELECT TOP (20001) o.version, o.date, o.operation_id FROM tgn.operation o
    WHERE o.version >= @first AND o.version < @end
    ORDER BY o.version
    OPTION (RECOMPILE, MAXDOP 1);
    SET @read = @@ROWCOUNT;
  END TRY
  BEGIN CATCH
    IF ERROR_NUMBER() <> 1222 THROW;
    SET @version = NULL;
    RETURN;
  END CATCH;
  IF @read > 20000
  BEGIN
    SELECT TOP (1) @end = version FROM #version ORDER BY version DESC;
    DELETE FROM #version WHERE version = @end;
    SET @version = CAST(@end AS bigint);
  END;
  -- MAX: what is edited while it is read may be met twice.
  INSERT INTO #written (date, operation_id)
  SELECT MAX(date), operation_id FROM #version WHERE date >= @low AND date < @before GROUP BY operation_id;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/finish_run.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Ends the run in one transaction: its row, and the words that it has served; then unlocks, and only then asks for newer words: in any other
-- order a word can fall between two runs. READPAST: a word that a till hasn't committed is served by a later run. NOLOCK: such a word is reason
-- enough to look again. Parameters: @bot_id, @run_no, @exit_code, @summary, @served, the newest word that the run served.
-- Result: again 1 or 0; 0 without the lock, when nothing is written and whoever has the lock sees the words.
-- Locks: the run's row and the words, until the commit; then none.
DROP PROCEDURE IF EXISTS tgn.finish_run;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.finish_run
  @bot_id bigint,
  @run_no int,
  @exit_code int,
  @summary nvarchar(max),
  @served bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 1
  BEGIN
    UPDATE w SET served_utc = @now FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
    WHERE w.bot_id = @bot_id AND w.wake_no <= @served AND w.served_utc IS NULL;
    UPDATE tgn.run SET finished_utc = @now, heartbeat_utc = @now, exit_code = @exit_code, summary = @summary WHERE run_no = @run_no;
  END;
  COMMIT TRANSACTION;
  EXEC tgn.release_run @bot_id;
  SELECT CAST(CASE WHEN @held = 1 AND EXISTS (
    SELECT 1 FROM tgn.wake WITH (NOLOCK) WHERE wake_no > @served AND bot_id = @bot_id
  ) THEN 1 ELSE 0 END AS bit) AS again;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/flush_log.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Makes what was committed survive a power cut also where the database is told to delay it (DELAYED_DURABILITY = FORCED, as install found).
-- No parameters, no result. Takes no lock.
DROP PROCEDURE IF EXISTS tgn.flush_log;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.flush_log
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  IF EXISTS (SELECT 1 FROM tgn.site WHERE name = 'delayed_durability' AND value = N'FORCED') EXEC sys.sp_flush_log;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/found_place.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Makes what only this installation knows, once: the ledger's place and link key, the note type that holds a guest's chat id (the only row that is
-- added to Tillypad's own tables), and the pause. An older ledger keeps its place and its key: a copy must not become a site of its own by an
-- upgrade. Parameters: @key_fingerprint; @paused, bots start out paused; @note_type, its name. Result: two sets: step, did; then notes, how many
-- customers have a filled note. Locks: the rows written.
DROP PROCEDURE IF EXISTS tgn_admin.found_place;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.found_place
  @key_fingerprint varchar(100),
  @paused bit,
  @note_type nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @place bit, @type bit, @pause bit, @rows int;
  SELECT @place = 0, @type = 0, @pause = 0, @rows = 0;
  -- Whoever writes in Tillypad's tables signs on first, where the site has that; without it the note type may be made all the same.
  IF NOT EXISTS (SELECT 1 FROM tgn.note_type WHERE name = @note_type) AND EXISTS (SELECT 1 FROM tgn.site WHERE name = 'logon' AND value = N'yes')
  BEGIN TRY
    EXEC dbo.tpsrv_logon;
  END TRY
  BEGIN CATCH
    SET @rows = 0;
  END CATCH;
  BEGIN TRANSACTION;
  IF NOT EXISTS (SELECT 1 FROM tgn.place)
  BEGIN
    INSERT INTO tgn.place (only_row, installation_id, bound_to, key_fingerprint, paused) SELECT 1, NEWID(), place, @key_fingerprint, 0 FROM tgn.here;
    SET @place = 1;
  END;
  IF NOT EXISTS (SELECT 1 FROM tgn.note_type WHERE name = @note_type)
  BEGIN
    EXEC tgn.add_note_type @note_type;
    SET @type = 1;
  END;
  IF @paused = 1
  BEGIN
    UPDATE tgn.place SET paused = 1 WHERE paused = 0;
    SET @rows = @@ROWCOUNT;
    UPDATE tgn.bot SET paused_until_utc = CONVERT(datetime2(3), '9999-12-31T23:59:59', 126)
    WHERE paused_until_utc IS NULL OR paused_until_utc < CONVERT(datetime2(3), '9999-12-31T23:59:59', 126);
    SET @pause = CASE WHEN @rows + @@ROWCOUNT > 0 THEN 1 ELSE 0 END;
  END;
  COMMIT TRANSACTION;
  SELECT s.step, s.did
  FROM (SELECT 1 AS no, N'place' AS step, @place AS did UNION ALL SELECT 2, N'note_type', @type UNION ALL SELECT 3, N'paused', @pause) s
  WHERE s.no < 3 OR @paused = 1
  ORDER BY s.no;
  SELECT COUNT(*) AS notes
  FROM (
    SELECT n.customer_id, n.text, ROW_NUMBER() OVER (
      PARTITION BY n.customer_id ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC
    ) AS place
    FROM tgn.note n JOIN tgn.note_type t ON t.note_type_id = n.note_type_id
    WHERE t.name = @note_type
  ) p
  JOIN tgn.customer c ON c.customer_id = p.customer_id AND c.live = 1
  WHERE p.place = 1 AND p.text IS NOT NULL;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/hold_brake.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The brake stopped: what it holds doesn't age from then on. Parameters: @bot_id, @run_no, @task_id, @at, the wall clock as text.
-- Result: answer saved | lock_lost. Locks: the task's row.
DROP PROCEDURE IF EXISTS tgn.hold_brake;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.hold_brake
  @bot_id bigint,
  @run_no int,
  @task_id varchar(100),
  @at varchar(23)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE tgn.task SET brake_held_at = COALESCE(brake_held_at, CONVERT(datetime, @at, 121)) WHERE bot_id = @bot_id AND task_id = @task_id;
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/judge_filters.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Which of a task's filters let an operation through, each by itself and as candidate judges it; a test holds the two against each other.
-- Parameters: the bot and its task, the operation, the filters. Result: one row of bits: live, account_type, customer_group, sign, threshold,
-- start_date, admitted; none where there is no such operation. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.judge_filters;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.judge_filters
  @bot_id bigint,
  @task_id varchar(100),
  @operation_id uniqueidentifier,
  @sign varchar(10),
  @threshold decimal(18, 4),
  @start_date datetime,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @types tgn.id_list_1;
  DECLARE @groups tgn.id_list_1;
  INSERT INTO @types (id) SELECT id FROM @account_types;
  INSERT INTO @groups (id) SELECT id FROM @customer_groups;
  DECLARE @types_since datetime, @groups_since datetime, @date datetime, @sum decimal(18, 4), @type uniqueidentifier, @customer uniqueidentifier;
  DECLARE @live bit, @group uniqueidentifier, @type_chosen bit, @group_chosen bit, @type_admitted bit, @group_admitted bit;
  CREATE TABLE #chosen_type (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  CREATE TABLE #chosen_group (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  SELECT @date = date, @sum = sum, @type = account_type_id, @customer = customer_id FROM tgn.operation WHERE operation_id = @operation_id;
  IF @date IS NULL RETURN;
  SET @live = 0;
  SELECT @live = live, @group = group_id FROM tgn.customer WHERE customer_id = @customer;

  EXEC tgn.choose @bot_id, @task_id, 0, @types, @all_types, @groups, @all_groups, @types_since OUTPUT, @groups_since OUTPUT;
  SET @type_chosen = CASE WHEN @types_since <= @date OR EXISTS (SELECT 1 FROM #chosen_type WHERE item_id = @type AND since <= @date) THEN 1 ELSE 0 END;
  SET @group_chosen = CASE WHEN @groups_since <= @date OR EXISTS (SELECT 1 FROM #chosen_group WHERE item_id = @group AND since <= @date) THEN 1 ELSE 0 END;
  DELETE FROM #chosen_type;
  DELETE FROM #chosen_group;
  EXEC tgn.choose @bot_id, @task_id, 1, @types, @all_types, @groups, @all_groups, @types_since OUTPUT, @groups_since OUTPUT;
  SET @type_admitted = CASE WHEN @types_since <= @date OR EXISTS (SELECT 1 FROM #chosen_type WHERE item_id = @type AND since <= @date) THEN 1 ELSE 0 END;
  SET @group_admitted = CASE WHEN @groups_since <= @date OR EXISTS (SELECT 1 FROM #chosen_group WHERE item_id = @group AND since <= @date) THEN 1 ELSE 0 END;

  SELECT @live AS live, @type_chosen AS account_type, @group_chosen AS customer_group,
    CAST(CASE WHEN @sign = 'any' OR (@sign = 'credit' AND @sum > 0) OR (@sign = 'debit' AND @sum < 0) THEN 1 ELSE 0 END AS bit) AS sign,
    CAST(CASE WHEN ABS(@sum) >= @threshold THEN 1 ELSE 0 END AS bit) AS threshold,
    CAST(CASE WHEN @start_date IS NULL OR @date >= @start_date THEN 1 ELSE 0 END AS bit) AS start_date,
    -- Before the first run of a task nothing is recorded, and nothing is left out for that. Of what isn't chosen at all, another filter tells.
    CAST(CASE
      WHEN NOT EXISTS (SELECT 1 FROM tgn.admitted WHERE bot_id = @bot_id AND task_id = @task_id) THEN 1
      WHEN @type_admitted >= @type_chosen AND @group_admitted >= @group_chosen THEN 1
      ELSE 0
    END AS bit) AS admitted;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/list_in_doubt.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Deliveries whose outcome can't be known. Parameters: the bot, @limit. Result: what tell_deliveries gives, the longest waiting first.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.list_in_doubt;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.list_in_doubt
  @bot_id bigint,
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #story (place int IDENTITY (1, 1) NOT NULL PRIMARY KEY, delivery_no bigint NOT NULL UNIQUE);
  INSERT INTO #story (delivery_no)
  SELECT TOP (@limit) d.delivery_no FROM tgn.delivery d WHERE d.state = 'in_doubt' AND d.bot_id = @bot_id ORDER BY d.changed_utc, d.delivery_no;
  EXEC tgn.tell_deliveries;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/list_invitations.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Invitations as a person reads them, newest first. Parameters: the bot; states, a reason and customers that narrow the list; @limit. Result: row_no,
-- task_id, customer_id, customer_name, operation_id, state, reason, number, segments, cost, gateway, gateway_id, detail, planned_at, sent_at, not_before,
-- status, status_code, run_id, resolved. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.list_invitations;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.list_invitations
  @bot_id bigint,
  @states tgn.text_list_1 READONLY,
  @any_state bit,
  @reason varchar(20),
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #wanted (state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  CREATE TABLE #only (id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #wanted (state) SELECT item FROM @states;
  INSERT INTO #only (id) SELECT id FROM @customers;
  SELECT TOP (@limit) v.invitation_no, c.name AS customer_name INTO #shown
  FROM tgn.invitation v LEFT JOIN tgn.customer c ON c.customer_id = v.customer_id
  WHERE v.bot_id = @bot_id AND (@any_state = 1 OR EXISTS (SELECT 1 FROM #wanted w WHERE w.state = v.state)) AND (@reason IS NULL OR v.reason = @reason)
    AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = v.customer_id))
  ORDER BY v.invitation_no DESC
  OPTION (MAXDOP 1);
  SELECT v.invitation_no AS row_no, v.task_id, v.customer_id, COALESCE(s.customer_name, N'') AS customer_name, v.operation_id, v.state, v.reason,
    v.number, v.segments, v.cost, v.gateway, v.gateway_id, v.detail, v.planned_utc AS planned_at, v.sent_utc AS sent_at,
    v.not_before_utc AS not_before, v.status, v.status_code, r.run_id, v.resolved
  FROM #shown s JOIN tgn.invitation v ON v.invitation_no = s.invitation_no LEFT JOIN tgn.run r ON r.run_no = v.run_no
  ORDER BY v.invitation_no DESC;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/list_invitees.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Everybody whom a dry run would weigh: who asks in the ledger, and whom the look would plan as not subscribed. Parameters: candidate's; the place
-- where a limit of notices stops the plan (@before_date, @before_id: that row and those after it stay unplanned; null = nothing stops it); the
-- customers that are meant of those who ask. Result: customer_id, operation_id (the newest that asks), date, operations; in the order of ids.
-- The program keeps the list and reads the customers page by page (read_listed_invitees): so the look is judged once. Locks: as candidate.
DROP PROCEDURE IF EXISTS tgn.list_invitees;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.list_invitees
  @bot_id bigint,
  @task_id varchar(100),
  @low datetime,
  @last datetime,
  @revive bit,
  @mark_only bit,
  @old_before datetime,
  @late_before datetime,
  @leave_unsubscribed bit,
  @sign varchar(10),
  @threshold decimal(18, 4),
  @admitted_only bit,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @version_low datetime,
  @before_date datetime,
  @before_id uniqueidentifier,
  @asking_customers tgn.id_list_1 READONLY,
  @any_asking_customer bit
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A set comes in without statistics, and its plan would be tied to the first caller's: it is copied first, here and wherever one comes in.
  DECLARE @types tgn.id_list_1;
  DECLARE @groups tgn.id_list_1;
  DECLARE @only_customers tgn.id_list_1;
  DECLARE @only_operations tgn.id_list_1;
  INSERT INTO @types (id) SELECT id FROM @account_types;
  INSERT INTO @groups (id) SELECT id FROM @customer_groups;
  INSERT INTO @only_customers (id) SELECT id FROM @customers;
  INSERT INTO @only_operations (id) SELECT id FROM @operations;
  DECLARE @version bigint, @locked int, @task_no int;
  CREATE TABLE #candidate (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL
  );
  CREATE TABLE #only (id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #asking (
    customer_id uniqueidentifier NOT NULL, operation_id uniqueidentifier NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL,
    date datetime NOT NULL
  );
  -- Never below the window, as then candidate would read nothing, and so not what was written before it either.
  IF @before_date < @last SET @last = CASE WHEN @before_date < @low THEN @low ELSE @before_date END;
  EXEC tgn.candidate @bot_id, @task_id, @low, @last, NULL, NULL, 2147483647, @revive, @mark_only, @old_before, @late_before,
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @types, @all_types, @groups, @all_groups, @only_customers,
    @any_customer, @only_operations, @any_operation, @version_low, @version OUTPUT, @locked OUTPUT;
  DELETE FROM #candidate
  WHERE date > @before_date OR (date = @before_date AND id_text >= CONVERT(char(36), @before_id) COLLATE Latin1_General_BIN2);
  INSERT INTO #asking (customer_id, operation_id, id_text, date)
  SELECT customer_id, operation_id, id_text, date FROM #candidate WHERE verdict = 'not_subscribed';

  INSERT INTO #only (id) SELECT id FROM @asking_customers;
  SELECT @task_no = task_no FROM tgn.task WHERE bot_id = @bot_id AND task_id = @task_id;
  INSERT INTO #asking (customer_id, operation_id, id_text, date)
  SELECT d.customer_id, d.operation_id, CONVERT(char(36), d.operation_id), d.operation_date FROM tgn.delivery d
  WHERE d.asks = 1 AND d.bot_id = @bot_id AND d.task_no = @task_no
    AND (@any_asking_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = d.customer_id))
    -- What the look would revive is counted once.
    AND NOT EXISTS (SELECT 1 FROM #candidate c WHERE c.operation_id = d.operation_id AND c.verdict = 'not_subscribed')
  OPTION (MAXDOP 1);

  SELECT n.customer_id, n.operation_id, CONVERT(varchar(23), n.date, 121) AS date, n.operations
  FROM (
    SELECT a.customer_id, a.operation_id, a.date, COUNT(*) OVER (PARTITION BY a.customer_id) AS operations,
      ROW_NUMBER() OVER (PARTITION BY a.customer_id ORDER BY a.date DESC, a.id_text DESC) AS place
    FROM #asking a
  ) n
  WHERE n.place = 1
  ORDER BY n.customer_id
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/list_refused.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Refused deliveries with one of the codes. Parameters: the bot, @codes, @limit. Result: what tell_deliveries gives, the oldest first. No index has
-- them, so it walks the ledger's table of deliveries once. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.list_refused;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.list_refused
  @bot_id bigint,
  @codes tgn.text_list_1 READONLY,
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #code (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  CREATE TABLE #story (place int IDENTITY (1, 1) NOT NULL PRIMARY KEY, delivery_no bigint NOT NULL UNIQUE);
  INSERT INTO #code (item) SELECT item FROM @codes;
  INSERT INTO #story (delivery_no)
  SELECT TOP (@limit) d.delivery_no FROM tgn.delivery d
  WHERE d.state = 'refused' AND d.bot_id = @bot_id AND d.reason IN (SELECT item FROM #code)
  ORDER BY d.delivery_no
  OPTION (MAXDOP 1);
  EXEC tgn.tell_deliveries;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/mark_gap.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Marks operations of the stretch that a restored database has lost as told, one page a call and a transaction: those since the newest run that
-- the ledger knows (an operation may be committed up to 15 minutes after its date), all where it knows none, and none that the ledger has. Dates
-- after the server's own time too: the lost run may have told them, and the clock that it went by may have been ahead of this one.
-- Parameters: the bot; @from, where the page begins (null: the stretch); @rows, its size, which operations of one date may exceed.
-- Result: n, how many were marked; next_from, null at the end. Locks: the rows added; Tillypad's only while each is read.
DROP PROCEDURE IF EXISTS tgn_admin.mark_gap;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.mark_gap
  @bot_id bigint,
  @from datetime,
  @rows int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @wall datetime, @started datetime, @edge datetime, @read int, @task_no int, @n int;
  CREATE TABLE #page (operation_id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, date datetime NOT NULL);
  SELECT @now = now_utc, @wall = wall_now FROM tgn.clock;
  IF @from IS NULL
  BEGIN
    SELECT TOP (1) @started = started_utc FROM tgn.run WHERE bot_id = @bot_id ORDER BY run_no DESC;
    -- From UTC to the server's wall clock, by how far apart they are now.
    SET @from = COALESCE(DATEADD(minute, DATEDIFF(minute, CAST(@now AS datetime), @wall) - 15, @started), '17530101');
  END;
  INSERT INTO #page (operation_id, customer_id, date)
  SELECT TOP (@rows) o.operation_id, o.customer_id, o.date FROM tgn.operation o
  WHERE o.date >= @from ORDER BY o.date
  OPTION (MAXDOP 1);
  SET @read = @@ROWCOUNT;
  SELECT @edge = MAX(date) FROM #page;
  IF @read = @rows
    INSERT INTO #page (operation_id, customer_id, date)
    SELECT o.operation_id, o.customer_id, o.date FROM tgn.operation o
    WHERE o.date = @edge AND NOT EXISTS (SELECT 1 FROM #page p WHERE p.operation_id = o.operation_id)
    OPTION (MAXDOP 1);
  -- 0: a bot that has no task yet.
  SELECT @task_no = COALESCE(MIN(task_no), 0) FROM tgn.task WHERE bot_id = @bot_id;
  INSERT INTO tgn.delivery (bot_id, operation_id, task_no, customer_id, operation_date, state, reason, planned_utc, changed_utc)
  SELECT @bot_id, p.operation_id, @task_no, p.customer_id, p.date, 'skipped', 'marked', @now, @now
  FROM #page p
  WHERE NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.bot_id = @bot_id AND d.operation_id = p.operation_id)
  ORDER BY p.date
  OPTION (MAXDOP 1);
  SET @n = @@ROWCOUNT;
  SELECT @n AS n, CASE WHEN @read = @rows AND @edge < '99991231' THEN CONVERT(varchar(23), DATEADD(ms, 3, @edge), 121) END AS next_from;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/mark_sending.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Marks the rows of the notices that are ready as `sending`, each notice under an attempt of its own. Called by claim, whose tables it reads
-- (#head, #row: ready_utc and good say which), and fills #notice and #member. Parameters: the bot, the run, the time, the claim's id. @marked: how many notices.
-- Locks: the rows that change, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.mark_sending;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.mark_sending
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @claim_id varchar(40),
  @marked int OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @rows int;
  INSERT INTO tgn.attempt (bot_id, run_no, claim_id, chat_id, started_utc, repeat)
  SELECT @bot_id, @run_no, @claim_id, r.chat_id, @now, x.repeat
  FROM #head r JOIN #row x ON x.customer_id = r.customer_id AND x.good = 1
  WHERE r.ready_utc IS NOT NULL
  ORDER BY r.no;
  SET @marked = @@ROWCOUNT;
  -- A claim writes to a chat once.
  INSERT INTO #notice (attempt_no, customer_id, chat_id, language)
  SELECT a.attempt_no, r.customer_id, r.chat_id, r.language
  FROM #head r JOIN tgn.attempt a ON a.claim_id = @claim_id AND a.chat_id = r.chat_id AND a.run_no = @run_no
  WHERE r.ready_utc IS NOT NULL;
  INSERT INTO #member (delivery_no, attempt_no, operation_id, place, task_no, repeat, tries)
  SELECT x.delivery_no, n.attempt_no, x.operation_id, x.place, x.task_no, x.repeat, x.tries
  FROM #head r
  JOIN #notice n ON n.customer_id = r.customer_id
  JOIN #row x ON x.customer_id = r.customer_id AND x.good >= 1
  WHERE r.ready_utc IS NOT NULL;
  SET @rows = @@ROWCOUNT;
  -- Tried before: that attempt stays in the delivery's story.
  INSERT INTO tgn.earlier_attempt (delivery_no, attempt_no)
  SELECT x.delivery_no, x.attempt_no FROM #member m JOIN #row x ON x.delivery_no = m.delivery_no
  WHERE x.attempt_no IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM tgn.earlier_attempt e WHERE e.delivery_no = x.delivery_no AND e.attempt_no = x.attempt_no);
  UPDATE d SET state = 'sending', attempt_no = m.attempt_no, run_no = @run_no, not_before_utc = NULL, changed_utc = @now
  FROM tgn.delivery d JOIN #member m ON m.delivery_no = d.delivery_no
  WHERE d.state = 'planned';
  IF @@ROWCOUNT <> @rows THROW 50301, 'a row is not planned any more', 1;
  UPDATE h SET written_utc = @now FROM tgn.chat h JOIN #head r ON r.chat_id = h.chat_id WHERE h.bot_id = @bot_id AND r.ready_utc IS NOT NULL;
  INSERT INTO tgn.chat (bot_id, chat_id, written_utc)
  SELECT @bot_id, r.chat_id, @now FROM #head r
  WHERE r.ready_utc IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tgn.chat h WHERE h.bot_id = @bot_id AND h.chat_id = r.chat_id);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/measure.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Counts what a look would do, without planning anything. Parameters: candidate's, the digest's gap in milliseconds (at most a day), the brake's
-- cut. Result: a row a verdict: verdict, n, notices, oldest, customers, old_notices.
-- A notice is a run of one customer's planned operations, each at most the gap after the one before. One that begins before the cut counts as
-- old: with its fresh operations planned alone, what remains of it is a message about old ones. Locks: as candidate.
DROP PROCEDURE IF EXISTS tgn.measure;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.measure
  @bot_id bigint,
  @task_id varchar(100),
  @low datetime,
  @last datetime,
  @revive bit,
  @mark_only bit,
  @old_before datetime,
  @late_before datetime,
  @leave_unsubscribed bit,
  @sign varchar(10),
  @threshold decimal(18, 4),
  @admitted_only bit,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @version_low datetime,
  @gap_ms int,
  @brake_before datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A set comes in without statistics, and its plan would be tied to the first caller's: it is copied first, here and wherever one comes in.
  DECLARE @types tgn.id_list_1;
  DECLARE @groups tgn.id_list_1;
  DECLARE @only_customers tgn.id_list_1;
  DECLARE @only_operations tgn.id_list_1;
  INSERT INTO @types (id) SELECT id FROM @account_types;
  INSERT INTO @groups (id) SELECT id FROM @customer_groups;
  INSERT INTO @only_customers (id) SELECT id FROM @customers;
  INSERT INTO @only_operations (id) SELECT id FROM @operations;
  DECLARE @version bigint, @locked int;
  CREATE TABLE #candidate (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL
  );
  EXEC tgn.candidate @bot_id, @task_id, @low, @last, NULL, NULL, 2147483647, @revive, @mark_only, @old_before, @late_before,
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @types, @all_types, @groups, @all_groups, @only_customers,
    @any_customer, @only_operations, @any_operation, @version_low, @version OUTPUT, @locked OUTPUT;

  SELECT n.verdict, COUNT(*) AS n, SUM(n.starts) AS notices, CONVERT(varchar(23), MIN(n.date), 121) AS oldest,
    COUNT(DISTINCT n.customer_id) AS customers, SUM(CASE WHEN n.date < @brake_before THEN n.starts ELSE 0 END) AS old_notices
  FROM (
    SELECT b.verdict, b.customer_id, b.date,
      CASE
        WHEN b.verdict <> 'planned' THEN 0
        WHEN @gap_ms = 0 OR b.before IS NULL OR DATEDIFF(day, b.before, b.date) > 1 THEN 1
        WHEN DATEDIFF(ms, b.before, b.date) > @gap_ms THEN 1
        ELSE 0
      END AS starts
    FROM (
      SELECT c.verdict, c.customer_id, c.date,
        LAG(c.date) OVER (PARTITION BY c.customer_id, CASE WHEN c.verdict = 'planned' THEN 1 ELSE 0 END ORDER BY c.date, c.id_text) AS before
      FROM #candidate c
    ) b
  ) n
  GROUP BY n.verdict
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/mend_clock.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Brings stamps that lie in the future back to now, where the server's clock was set back since the bot's newest run: that run's own stamps tell it.
-- Otherwise what waits for a moment, a silence, a lease or a second try would wait until the old clock's time comes again, perhaps for months; and
-- SMS of those days would be spent on each day until then. A little is ordinary: clocks are corrected by seconds all the time.
-- Called by open_run in its transaction, under the lock. Parameters: the bot, the time. No result. Locks: the rows that change, and once, after the
-- clock was set back, a walk through the bot's runs, invitations and refused links.
DROP PROCEDURE IF EXISTS tgn.mend_clock;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.mend_clock
  @bot_id bigint,
  @now datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @limit datetime2(3), @back bit;
  SET @limit = DATEADD(minute, 5, @now);
  -- NOLOCK: this bot's runs are written by nobody now, and for another bot's nobody here waits.
  SELECT TOP (1) @back = CASE WHEN started_utc > @limit OR heartbeat_utc > @limit OR finished_utc > @limit THEN 1 ELSE 0 END
  FROM tgn.run WITH (NOLOCK) WHERE bot_id = @bot_id ORDER BY run_no DESC;
  IF @back IS NULL OR @back = 0 RETURN;

  UPDATE tgn.run SET started_utc = CASE WHEN started_utc > @now THEN @now ELSE started_utc END,
    heartbeat_utc = CASE WHEN heartbeat_utc > @now THEN @now ELSE heartbeat_utc END,
    finished_utc = CASE WHEN finished_utc > @now THEN @now ELSE finished_utc END
  WHERE bot_id = @bot_id AND (started_utc > @now OR heartbeat_utc > @now OR finished_utc > @now);
  -- Whoever stopped us a while ago says so again.
  UPDATE tgn.bot SET quiet_until_utc = NULL, polled_utc = CASE WHEN polled_utc > @now THEN DATEADD(minute, -1, @now) ELSE polled_utc END
  WHERE bot_id = @bot_id;
  UPDATE tgn.delivery SET not_before_utc = NULL, planned_utc = CASE WHEN planned_utc > @now THEN @now ELSE planned_utc END
  WHERE state = 'planned' AND bot_id = @bot_id AND (not_before_utc > @now OR planned_utc > @now);
  UPDATE tgn.delivery SET changed_utc = @now WHERE state IN ('sending', 'in_doubt') AND bot_id = @bot_id AND changed_utc > @now;
  UPDATE tgn.attempt SET started_utc = @now WHERE finished_utc IS NULL AND bot_id = @bot_id AND started_utc > @now;
  -- The hours in which an SMS may go are asked about again before it goes.
  UPDATE tgn.invitation SET not_before_utc = NULL WHERE state = 'planned' AND bot_id = @bot_id AND not_before_utc > @now;
  UPDATE tgn.invitation SET sent_utc = CASE WHEN sent_utc > @now THEN @now ELSE sent_utc END,
    changed_utc = CASE WHEN changed_utc > @now THEN @now ELSE changed_utc END
  WHERE bot_id = @bot_id AND (sent_utc > @now OR changed_utc > @now);
  UPDATE tgn.refused_link SET at_utc = @now WHERE bot_id = @bot_id AND at_utc > @now;
  UPDATE w SET made_utc = @now FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
  WHERE w.bot_id = @bot_id AND w.served_utc IS NULL AND w.made_utc > @now;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/mirror_notes.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Writes chat ids into Tillypad's notes. One customer a transaction; a failure is kept on the row, retried by the next run, and stops nothing.
-- Those that failed least come first, so that a note that can't be written keeps nobody waiting. Where somebody has written a note since it was
-- judged, it stays: the next run judges it first. Parameters: @bot_id, @run_no, @note_type, its name, @limit, customers at most.
-- Result: written, failed, detail, the last failure: note_type_missing (told whether or not a note waits), lock_lost, or what the database said.
-- Locks: one customer's note and mirror at a time.
DROP PROCEDURE IF EXISTS tgn.mirror_notes;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.mirror_notes
  @bot_id bigint,
  @run_no int,
  @note_type nvarchar(400),
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime, @written int, @failed int, @detail nvarchar(1000), @type uniqueidentifier, @no int, @last int,
    @customer uniqueidentifier, @noted nvarchar(4000), @wanted nvarchar(32), @note uniqueidentifier, @text nvarchar(4000), @logged bit, @say nvarchar(1000);
  CREATE TABLE #pending (
    no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, noted nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    wanted nvarchar(32) COLLATE Latin1_General_BIN2 NULL
  );
  SELECT @written = 0, @failed = 0, @no = 0, @logged = CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'logon' AND value = N'yes') THEN 0 ELSE 1 END;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  COMMIT TRANSACTION;
  IF @held = 0
  BEGIN
    SELECT 0 AS written, 0 AS failed, N'lock_lost' AS detail;
    RETURN;
  END;
  INSERT INTO #pending (customer_id, noted, wanted)
  SELECT TOP (@limit) customer_id, noted, wanted FROM tgn.note_mirror
  WHERE bot_id = @bot_id AND pending = 1
  ORDER BY failures, CAST(customer_id AS char(36));
  SELECT @last = COUNT(*) FROM #pending;
  -- A type that is in use before one that is disabled.
  SELECT TOP (1) @type = note_type_id FROM tgn.note_type WHERE name = @note_type ORDER BY disabled, CAST(note_type_id AS char(36));

  WHILE @no < @last
  BEGIN
    SET @no = @no + 1;
    SET @say = NULL;
    SELECT @customer = customer_id, @noted = noted, @wanted = wanted FROM #pending WHERE no = @no;
    IF @type IS NULL SET @say = N'note_type_missing';
    ELSE
    BEGIN TRY
      IF @logged = 0
      BEGIN
        EXEC dbo.tpsrv_logon;
        SET @logged = 1;
      END;
      BEGIN TRANSACTION;
      EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
      IF @held = 1
      BEGIN
        SELECT @note = NULL, @text = NULL;
        SELECT TOP (1) @note = n.note_id, @text = n.text
        FROM tgn.note n JOIN tgn.note_type t ON t.note_type_id = n.note_type_id
        WHERE n.customer_id = @customer AND t.name = @note_type
        ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC;
        IF (@text IS NULL AND (@noted IS NULL OR @wanted IS NULL)) OR @text + N'|' = @noted + N'|' COLLATE Latin1_General_BIN2
          OR @text + N'|' = @wanted + N'|' COLLATE Latin1_General_BIN2
        BEGIN
          UPDATE tgn.note_mirror SET noted = wanted, pending = 0, failures = 0, failure = NULL WHERE bot_id = @bot_id AND customer_id = @customer;
          IF NOT (@text IS NULL AND @wanted IS NULL) AND (@text IS NULL OR @wanted IS NULL OR @text + N'|' <> @wanted + N'|' COLLATE Latin1_General_BIN2)
            AND EXISTS (SELECT 1 FROM tgn.customer WHERE customer_id = @customer)
          BEGIN
            SET @text = COALESCE(@wanted, N'');
            IF @note IS NULL EXEC tgn.add_note @type, @customer, @text, @wall;
            ELSE EXEC tgn.write_note @note, @text, @wall;
            SET @written = @written + 1;
          END;
        END;
      END;
      COMMIT TRANSACTION;
    END TRY
    BEGIN CATCH
      SET @say = LEFT(ERROR_MESSAGE(), 1000);
      IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
    END CATCH;
    IF @held = 0
    BEGIN
      SET @detail = N'lock_lost';
      BREAK;
    END;
    IF @say IS NOT NULL
    BEGIN
      SET @failed = @failed + 1;
      SET @detail = @say;
      UPDATE tgn.note_mirror SET failures = failures + 1, failure = @say WHERE bot_id = @bot_id AND customer_id = @customer;
    END;
  END;
  IF @type IS NULL AND @detail IS NULL SET @detail = N'note_type_missing';
  SELECT @written AS written, @failed AS failed, @detail AS detail;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/open_run.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Opens a run. Leaves a word for each task and commits it; only then tries the bot's lock, so that whoever holds it sees the word after
-- unlocking. All else is one transaction under the lock; whatever isn't "opened" leaves the lock free.
-- Parameters: @contract, the schema that the program wants; the runner; @tasks; @remembered_no and @remembered_id, the host's last run (null: none).
-- Result: one row that begins with answer: opened | busy | copy | other_bot | other_key | restored | schema | upgrading | not_primary | read_only;
-- after "opened" a second set, the tasks as read_tasks gives them.
-- Locks: tgn:...:schema Shared and tgn:...:bot:... Exclusive, of the session, until finish_run, release_run or the connection's end.
DROP PROCEDURE IF EXISTS tgn.open_run;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.open_run
  @contract int,
  @run_id varchar(40),
  @bot_id bigint,
  @host nvarchar(128),
  @pid int,
  @key_fingerprint varchar(100),
  @remembered_no int,
  @remembered_id varchar(40),
  @started_by varchar(20),
  @tasks tgn.text_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A set comes in without statistics, and its plan would be tied to the first caller's: it is copied first, here and wherever one comes in.
  CREATE TABLE #tasks (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #tasks (item) SELECT item FROM @tasks;
  DECLARE @lock nvarchar(255), @schema_lock nvarchar(255), @got int, @now datetime2(3), @wall datetime, @found int;
  SET @lock = N'tgn:' + DB_NAME() + N':bot:' + CAST(@bot_id AS nvarchar(20));
  SET @schema_lock = N'tgn:' + DB_NAME() + N':schema';

  IF CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS varchar(20)) = 'READ_ONLY'
  BEGIN
    -- A readable secondary is read-only without having been set so. The own database's row is seen without any right.
    IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND is_read_only = 1) SELECT 'read_only' AS answer;
    ELSE SELECT 'not_primary' AS answer;
    RETURN;
  END;

  EXEC @got = sp_getapplock @Resource = @schema_lock, @LockMode = 'Shared', @LockOwner = 'Session', @LockTimeout = 1;
  IF @got < 0
  BEGIN
    SELECT 'upgrading' AS answer;
    RETURN;
  END;
  SELECT @found = MAX(version) FROM tgn.ledger_schema;
  IF @found IS NULL OR @found <> @contract OR NOT EXISTS (SELECT 1 FROM tgn.place)
  BEGIN
    EXEC sp_releaseapplock @Resource = @schema_lock, @LockOwner = 'Session';
    SELECT 'schema' AS answer, CASE WHEN @found = @contract THEN NULL ELSE @found END AS found;
    RETURN;
  END;

  SELECT @now = now_utc, @wall = wall_now FROM tgn.clock;
  INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc) SELECT @bot_id, item, 'run', @now FROM #tasks ORDER BY item;

  EXEC @got = sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 1;
  IF @got < 0
  BEGIN
    EXEC sp_releaseapplock @Resource = @schema_lock, @LockOwner = 'Session';
    SELECT 'busy' AS answer, r.host, r.pid, r.started_utc AS started_at, r.heartbeat_utc AS heartbeat_at
    FROM (SELECT 1 AS one) o
    LEFT JOIN tgn.run r WITH (NOLOCK) ON r.run_no = (SELECT MAX(run_no) FROM tgn.run WITH (NOLOCK) WHERE bot_id = @bot_id AND finished_utc IS NULL);
    RETURN;
  END;

  DECLARE @answer varchar(20), @bound_to nvarchar(400), @fingerprint varchar(100), @paused bit, @here nvarchar(400), @bound bit, @other bigint,
    @last_known datetime2(3), @last_no int, @own_no int, @run_no int, @fork uniqueidentifier, @known_fork uniqueidentifier;
  -- A login that may not see it (VIEW ANY DATABASE, which public has unless somebody took it) has no such sign.
  BEGIN TRY
    SELECT @fork = recovery_fork_guid FROM sys.database_recovery_status WHERE database_id = DB_ID();
  END TRY
  BEGIN CATCH
    SET @fork = NULL;
  END CATCH;
  BEGIN TRANSACTION;
  SELECT @bound_to = bound_to, @fingerprint = key_fingerprint, @paused = paused, @known_fork = fork FROM tgn.place;
  SELECT @here = place FROM tgn.here;
  SET @bound = CASE WHEN EXISTS (SELECT 1 FROM tgn.bot WHERE bot_id = @bot_id) THEN 0 ELSE 1 END;
  -- A task that another bot has told about: with a second bot every guest would be told again.
  IF @bound = 1 SELECT @other = MIN(bot_id) FROM tgn.task WHERE bot_id <> @bot_id AND task_id IN (SELECT item FROM #tasks);
  -- NOLOCK: it may be another bot's, whose transaction nobody here waits for, and is only told.
  SELECT TOP (1) @last_no = run_no, @last_known = COALESCE(finished_utc, heartbeat_utc) FROM tgn.run WITH (NOLOCK) ORDER BY run_no DESC;
  SELECT TOP (1) @own_no = run_no FROM tgn.run WITH (NOLOCK) WHERE bot_id = @bot_id ORDER BY run_no DESC;
  -- In this order: a copy says nothing of bots, and a past that doesn't fit is told last, when all else fits.
  SET @answer = CASE
    WHEN @bound_to <> @here THEN 'copy'
    WHEN @other IS NOT NULL THEN 'other_bot'
    WHEN @fingerprint <> @key_fingerprint THEN 'other_key'
    WHEN @remembered_no IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tgn.run WHERE run_no = @remembered_no AND run_id = @remembered_id) THEN 'restored'
    -- A host without a memory, new or reinstalled, has only this sign, and so has one in reserve: what it knows is older than the backup, and
    -- another one's later runs may be lost. One that knows the bot's newest run goes on whatever the fork is: a failover begins one too.
    WHEN (@remembered_no IS NULL OR @remembered_no < @own_no) AND @fork <> @known_fork THEN 'restored'
    ELSE 'opened' END;
  IF @answer <> 'opened'
  BEGIN
    ROLLBACK TRANSACTION;
    EXEC sp_releaseapplock @Resource = @lock, @LockOwner = 'Session';
    EXEC sp_releaseapplock @Resource = @schema_lock, @LockOwner = 'Session';
    SELECT @answer AS answer, @bound_to AS bound_to, @here AS here, CAST(@other AS varchar(20)) AS other_bot, @fingerprint AS expected,
      @last_known AS last_known_at, COALESCE(@last_no, 0) AS run_no;
    RETURN;
  END;
  UPDATE tgn.place SET fork = @fork WHERE @fork IS NOT NULL AND (fork IS NULL OR fork <> @fork);
  IF @bound = 1
    INSERT INTO tgn.bot (bot_id, bound_utc, paused_until_utc)
    VALUES (@bot_id, @now, CASE WHEN @paused = 1 THEN CONVERT(datetime2(3), '9999-12-31T23:59:59', 126) END);
  -- The lock is ours, so they are dead; from here on their late writes answer lock_lost.
  -- By their numbers: a walk through the table would wait for another bot's run. NOLOCK: this bot's runs are written by nobody now.
  UPDATE tgn.run SET finished_utc = heartbeat_utc
  WHERE run_no IN (SELECT d.run_no FROM tgn.run d WITH (NOLOCK) WHERE d.bot_id = @bot_id AND d.finished_utc IS NULL)
  OPTION (LOOP JOIN, MAXDOP 1);
  -- A bot that has never run has no stamps.
  IF @bound = 0 EXEC tgn.mend_clock @bot_id, @now;
  INSERT INTO tgn.run (run_id, bot_id, started_utc, heartbeat_utc, host, pid, started_by)
  VALUES (@run_id, @bot_id, @now, @now, @host, @pid, @started_by);
  SET @run_no = SCOPE_IDENTITY();
  INSERT INTO tgn.task (bot_id, task_id)
  SELECT @bot_id, item FROM #tasks t WHERE NOT EXISTS (SELECT 1 FROM tgn.task k WHERE k.bot_id = @bot_id AND k.task_id = t.item);
  COMMIT TRANSACTION;

  SELECT
    'opened' AS answer, @run_no AS run_no, @now AS now, CONVERT(varchar(23), @wall, 121) AS wall_now, @bound AS bound,
    b.offset AS offset, b.polled_utc AS polled_at,
    CASE WHEN b.quiet_until_utc > @now THEN b.quiet_until_utc END AS quiet_until,
    CASE WHEN b.paused_until_utc > @now THEN b.paused_until_utc END AS paused_until,
    (SELECT COALESCE(MAX(wake_no), 0) FROM tgn.wake WITH (NOLOCK)) AS wake_no,
    (SELECT MAX(made_utc) FROM tgn.wake WITH (NOLOCK) WHERE bot_id = @bot_id AND kind = 'event' AND served_utc IS NULL) AS event_at
  FROM tgn.bot b WHERE b.bot_id = @bot_id;
  SELECT
    t.task_id, CONVERT(varchar(23), t.watermark, 121) AS watermark, t.first_look_done,
    CONVERT(varchar(23), t.overlap_look_at, 121) AS overlap_look_at, CONVERT(varchar(23), t.deep_look_at, 121) AS deep_look_at,
    CONVERT(varchar(23), t.brake_held_at, 121) AS brake_held_at
  FROM tgn.task t
  WHERE t.bot_id = @bot_id AND t.task_id IN (SELECT item FROM #tasks);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/plan_chunk.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Plans one chunk of a look: adds its rows to the ledger, and with the look's last chunk moves the task. Parameters: candidate's, whether rows that
-- end as not_subscribed ask for an invitation (@inviting), the place where the last chunk ended, the chunk's rows, the digest's gap in milliseconds
-- (at most a day), notices that may still be planned (null: no limit), and the task's move (@moves 0: it stays). Result: answer planned | lock_lost,
-- where the next chunk begins (next_date, next_id; null at the end), the last row planned (last_date, last_id), the @version of the look's next
-- chunks (null: their @version_low is null too), how many customers were left out as locked; then a row a verdict: verdict, n, notices, oldest, customers.
-- The chunk is gathered before the transaction begins; the transaction then drops what has become known meanwhile, adds the rows and moves
-- the task. A look that had to leave somebody out is not planned completely, and moves nothing.
-- Locks: in the transaction the run's row, the rows added and the task's; nothing of Tillypad's is read in it.
DROP PROCEDURE IF EXISTS tgn.plan_chunk;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.plan_chunk
  @bot_id bigint,
  @run_no int,
  @task_id varchar(100),
  @low datetime,
  @last datetime,
  @revive bit,
  @mark_only bit,
  @old_before datetime,
  @late_before datetime,
  @leave_unsubscribed bit,
  @sign varchar(10),
  @threshold decimal(18, 4),
  @admitted_only bit,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @version_low datetime,
  @version bigint,
  @inviting bit,
  @gap_ms int,
  @after_date datetime,
  @after_id uniqueidentifier,
  @chunk_rows int,
  @limit int,
  @moves bit,
  @watermark datetime,
  @first_look_done bit,
  @overlap_look_at datetime,
  @deep_look_at datetime,
  @brake_held_at datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A set comes in without statistics, and its plan would be tied to the first caller's: it is copied first, here and wherever one comes in.
  DECLARE @types tgn.id_list_1;
  DECLARE @groups tgn.id_list_1;
  DECLARE @only_customers tgn.id_list_1;
  DECLARE @only_operations tgn.id_list_1;
  INSERT INTO @types (id) SELECT id FROM @account_types;
  INSERT INTO @groups (id) SELECT id FROM @customer_groups;
  INSERT INTO @only_customers (id) SELECT id FROM @customers;
  INSERT INTO @only_operations (id) SELECT id FROM @operations;
  DECLARE @locked int, @rows int, @held bit, @now datetime2(3), @wall datetime, @task_no int, @beyond int, @limited bit;
  DECLARE @next_date datetime, @next_id uniqueidentifier, @last_date datetime, @last_id uniqueidentifier;
  CREATE TABLE #candidate (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL
  );
  CREATE TABLE #chunk (
    seq int NOT NULL PRIMARY KEY, operation_id uniqueidentifier NOT NULL, date datetime NOT NULL, customer_id uniqueidentifier NOT NULL,
    verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL, notice int NULL
  );
  -- One row more than the chunk tells whether there is another.
  SET @rows = @chunk_rows + 1;
  EXEC tgn.candidate @bot_id, @task_id, @low, @last, @after_date, @after_id, @rows, @revive, @mark_only, @old_before, @late_before,
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @types, @all_types, @groups, @all_groups, @only_customers,
    @any_customer, @only_operations, @any_operation, @version_low, @version OUTPUT, @locked OUTPUT;
  INSERT INTO #chunk (seq, operation_id, date, customer_id, verdict, delivery_no)
  SELECT n.seq, n.operation_id, n.date, n.customer_id, n.verdict, n.delivery_no
  FROM (
    SELECT ROW_NUMBER() OVER (ORDER BY c.date, c.id_text) AS seq, c.operation_id, c.date, c.customer_id, c.verdict, c.delivery_no FROM #candidate c
  ) n
  WHERE n.seq <= @rows;
  IF @@ROWCOUNT = @rows SELECT @next_date = date, @next_id = operation_id FROM #chunk WHERE seq = @chunk_rows;
  DELETE FROM #chunk WHERE seq = @rows;

  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    COMMIT TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  DELETE c FROM #chunk c
  WHERE c.delivery_no IS NULL AND EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.bot_id = @bot_id AND d.operation_id = c.operation_id);
  IF @revive = 1
    DELETE c FROM #chunk c
    WHERE c.delivery_no IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.delivery_no = c.delivery_no AND d.state = 'skipped' AND d.attempt_no IS NULL);

  SELECT @task_no = task_no FROM tgn.task WHERE bot_id = @bot_id AND task_id = @task_id;
  IF @task_no IS NULL AND EXISTS (SELECT 1 FROM #chunk)
  BEGIN
    INSERT INTO tgn.task (bot_id, task_id) VALUES (@bot_id, @task_id);
    SELECT @task_no = task_no FROM tgn.task WHERE bot_id = @bot_id AND task_id = @task_id;
  END;

  -- Numbers the notices. The first row of a customer may go on a notice whose beginning the chunk before has planned.
  UPDATE c SET notice = n.notice
  FROM #chunk c
  JOIN (
    SELECT s.seq, SUM(s.starts) OVER (ORDER BY s.seq ROWS UNBOUNDED PRECEDING) AS notice
    FROM (
      SELECT b.seq,
        CASE
          WHEN @gap_ms = 0 OR b.before IS NULL OR DATEDIFF(day, b.before, b.date) > 1 THEN 1
          WHEN DATEDIFF(ms, b.before, b.date) > @gap_ms THEN 1
          ELSE 0
        END AS starts
      FROM (
        SELECT p.seq, p.date, COALESCE(p.before, (
          SELECT MAX(d.operation_date) FROM tgn.delivery d
          WHERE d.bot_id = @bot_id AND d.state = 'planned' AND d.customer_id = p.customer_id AND d.task_no = @task_no AND d.operation_date <= @after_date
        )) AS before
        FROM (
          SELECT k.seq, k.date, k.customer_id, LAG(k.date) OVER (PARTITION BY k.customer_id ORDER BY k.seq) AS before
          FROM #chunk k WHERE k.verdict = 'planned'
        ) p
      ) b
    ) s
  ) n ON n.seq = c.seq;

  SET @limited = 0;
  SELECT @beyond = MIN(seq) FROM #chunk WHERE verdict = 'planned' AND notice > @limit;
  IF @beyond IS NOT NULL
  BEGIN
    DELETE FROM #chunk WHERE seq >= @beyond;
    SET @limited = 1;
    SET @next_date = NULL;
    SET @next_id = NULL;
  END;
  SELECT TOP (1) @last_date = date, @last_id = operation_id FROM #chunk ORDER BY seq DESC;
  IF @last_id IS NULL
  BEGIN
    SET @last_date = @after_date;
    SET @last_id = @after_id;
  END;

  INSERT INTO tgn.delivery (bot_id, operation_id, task_no, customer_id, operation_date, state, reason, planned_utc, changed_utc, asks)
  SELECT @bot_id, c.operation_id, @task_no, c.customer_id, c.date, CASE WHEN c.verdict = 'planned' THEN 'planned' ELSE 'skipped' END,
    NULLIF(c.verdict, 'planned'), @now, @now, CASE WHEN @inviting = 1 AND c.verdict = 'not_subscribed' THEN 1 ELSE 0 END
  FROM #chunk c WHERE c.delivery_no IS NULL
  ORDER BY c.seq
  OPTION (MAXDOP 1);
  IF @revive = 1
    UPDATE d SET state = CASE WHEN c.verdict = 'planned' THEN 'planned' ELSE 'skipped' END, reason = NULLIF(c.verdict, 'planned'),
      task_no = @task_no, customer_id = c.customer_id, operation_date = c.date, not_before_utc = NULL, planned_utc = @now, changed_utc = @now,
      asks = CASE WHEN @inviting = 1 AND c.verdict = 'not_subscribed' THEN 1 ELSE 0 END
    FROM tgn.delivery d JOIN #chunk c ON c.delivery_no = d.delivery_no
    WHERE d.state = 'skipped' AND d.attempt_no IS NULL
    OPTION (MAXDOP 1);

  -- The stamps of the looks only go forward: a look that says nothing of them leaves them.
  IF @moves = 1 AND @next_id IS NULL AND @limited = 0 AND @locked = 0
    UPDATE tgn.task SET watermark = @watermark, first_look_done = CASE WHEN @first_look_done = 1 THEN 1 ELSE first_look_done END,
      overlap_look_at = COALESCE(@overlap_look_at, overlap_look_at), deep_look_at = COALESCE(@deep_look_at, deep_look_at),
      brake_held_at = @brake_held_at, version = COALESCE(@version, version)
    WHERE bot_id = @bot_id AND task_id = @task_id;
  -- The limit stopped the look: the next search begins at the last row planned, but never before where it began already (what is left behind
  -- there is found by the same look again, as its stamp stays), nor behind the server's clock because of a row dated in the future.
  IF @moves = 1 AND @limited = 1 AND @locked = 0 AND @last_date IS NOT NULL
    UPDATE tgn.task SET watermark = CASE
        WHEN watermark > @last_date AND watermark < @watermark THEN watermark
        WHEN watermark >= @watermark OR @last_date > @watermark THEN @watermark
        ELSE @last_date
      END
    WHERE bot_id = @bot_id AND task_id = @task_id;
  COMMIT TRANSACTION;

  SELECT 'planned' AS answer, CONVERT(varchar(23), @next_date, 121) AS next_date, @next_id AS next_id,
    CONVERT(varchar(23), @last_date, 121) AS last_date, @last_id AS last_id, @version AS version, @locked AS locked;
  SELECT c.verdict, COUNT(*) AS n, MAX(c.notice) AS notices, CONVERT(varchar(23), MIN(c.date), 121) AS oldest,
    COUNT(DISTINCT c.customer_id) AS customers
  FROM #chunk c GROUP BY c.verdict;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/preview.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- One page of what a look would do, each operation as it is now. Parameters: candidate's, the place where the last page ended, the page's
-- size, what the balance of planned rows means (after | current | off). Result: the rows in the order of (date, id): id, customer_id,
-- account_type_id, account_type, date, sum, document, description, division, return_of, balance, customer_name, group_id, group_name, chat_id,
-- language, verdict; then whether there is another page and where it begins: more, next_date, next_id; then the groups above the guests',
-- the nearest first: group_id, ancestor_id. Locks: as candidate.
DROP PROCEDURE IF EXISTS tgn.preview;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.preview
  @bot_id bigint,
  @task_id varchar(100),
  @low datetime,
  @last datetime,
  @revive bit,
  @mark_only bit,
  @old_before datetime,
  @late_before datetime,
  @leave_unsubscribed bit,
  @sign varchar(10),
  @threshold decimal(18, 4),
  @admitted_only bit,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @version_low datetime,
  @after_date datetime,
  @after_id uniqueidentifier,
  @limit int,
  @balance varchar(10)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A set comes in without statistics, and its plan would be tied to the first caller's: it is copied first, here and wherever one comes in.
  DECLARE @types tgn.id_list_1;
  DECLARE @groups tgn.id_list_1;
  DECLARE @only_customers tgn.id_list_1;
  DECLARE @only_operations tgn.id_list_1;
  INSERT INTO @types (id) SELECT id FROM @account_types;
  INSERT INTO @groups (id) SELECT id FROM @customer_groups;
  INSERT INTO @only_customers (id) SELECT id FROM @customers;
  INSERT INTO @only_operations (id) SELECT id FROM @operations;
  DECLARE @version bigint, @locked int, @rows int, @found int;
  CREATE TABLE #candidate (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL
  );
  CREATE TABLE #page (seq int NOT NULL PRIMARY KEY, operation_id uniqueidentifier NOT NULL, date datetime NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL);
  CREATE TABLE #told (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL
  );
  CREATE TABLE #group (group_id uniqueidentifier NOT NULL PRIMARY KEY, done bit NOT NULL);
  CREATE TABLE #above (group_id uniqueidentifier NOT NULL, ancestor_id uniqueidentifier NOT NULL, distance int NOT NULL, PRIMARY KEY (group_id, ancestor_id));
  SET @rows = @limit + 1;
  EXEC tgn.candidate @bot_id, @task_id, @low, @last, @after_date, @after_id, @rows, @revive, @mark_only, @old_before, @late_before,
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @types, @all_types, @groups, @all_groups, @only_customers,
    @any_customer, @only_operations, @any_operation, @version_low, @version OUTPUT, @locked OUTPUT;
  SELECT @found = COUNT(*) FROM #candidate;
  INSERT INTO #page (seq, operation_id, date, verdict)
  SELECT n.seq, n.operation_id, n.date, n.verdict
  FROM (SELECT ROW_NUMBER() OVER (ORDER BY c.date, c.id_text) AS seq, c.operation_id, c.date, c.verdict FROM #candidate c) n
  WHERE n.seq <= @limit;

  SELECT p.seq, p.verdict, o.operation_id, o.customer_id, o.account_type_id,
    (SELECT TOP (1) t.name FROM tgn.account_type t WHERE t.account_type_id = o.account_type_id) AS account_type, o.date, o.sum, o.document,
    o.description, (SELECT TOP (1) v.name FROM tgn.division v WHERE v.authorization_id = o.authorization_id) AS division, o.return_of, c.name AS customer_name, c.group_id, c.group_name, s.chat_id, h.language
  INTO #shown
  FROM #page p
  JOIN tgn.operation o ON o.operation_id = p.operation_id
  JOIN tgn.customer c ON c.customer_id = o.customer_id
  LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = o.customer_id
  LEFT JOIN tgn.chat h ON h.bot_id = @bot_id AND h.chat_id = s.chat_id
  OPTION (LOOP JOIN, MAXDOP 1);
  INSERT INTO #told (operation_id, id_text, date, customer_id, account_type_id)
  SELECT operation_id, CONVERT(char(36), operation_id), date, customer_id, account_type_id FROM #shown WHERE verdict = 'planned';
  EXEC tgn.fill_balances @balance;
  INSERT INTO #group (group_id, done) SELECT DISTINCT group_id, 0 FROM #shown WHERE group_id IS NOT NULL;
  EXEC tgn.find_ancestors;

  SELECT s.operation_id AS id, s.customer_id, s.account_type_id, s.account_type, CONVERT(varchar(23), s.date, 121) AS date,
    CONVERT(varchar(40), CAST(s.sum AS decimal(38, 4))) AS sum, s.document, s.description, s.division, s.return_of,
    CONVERT(varchar(50), t.balance) AS balance, s.customer_name, s.group_id, s.group_name, s.chat_id, s.language, s.verdict
  FROM #shown s LEFT JOIN #told t ON t.operation_id = s.operation_id
  ORDER BY s.seq;
  SELECT TOP (1) CAST(CASE WHEN @found > @limit THEN 1 ELSE 0 END AS bit) AS more, CONVERT(varchar(23), date, 121) AS next_date, operation_id AS next_id
  FROM #page ORDER BY seq DESC;
  SELECT group_id, ancestor_id FROM #above ORDER BY group_id, distance;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/prove_late.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Late proof: what this run has sent, and another run has judged in doubt since, turns delivered when its answer comes after all. Called by
-- advance in its transaction when the lock is lost. Parameters: the bot, the run that sent it, the time, the calls that ended and the
-- rows that were not in their messages. The guard is run and attempt:
-- rows that a person has resolved, or that are being told once more, stay as they are. Locks: the rows that change.
DROP PROCEDURE IF EXISTS tgn.prove_late;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.prove_late
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @finished tgn.finished_list_1 READONLY,
  @released tgn.released_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE a SET outcome = 'delivered', code = NULL, detail = NULL, message_id = f.message_id, length = f.length, finished_utc = @now
  FROM tgn.attempt a JOIN @finished f ON f.attempt_no = a.attempt_no
  WHERE a.run_no = @run_no AND a.bot_id = @bot_id AND a.outcome = 'in_doubt' AND f.outcome = 'delivered';
  UPDATE d SET state = 'delivered', reason = NULL, changed_utc = @now
  FROM tgn.delivery d JOIN @finished f ON f.attempt_no = d.attempt_no
  WHERE d.state = 'in_doubt' AND d.bot_id = @bot_id AND d.run_no = @run_no AND d.resolved IS NULL AND f.outcome = 'delivered'
    AND NOT EXISTS (SELECT 1 FROM @released r WHERE r.attempt_no = d.attempt_no AND r.delivery_no = d.delivery_no);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/prove_lock.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The guard of every write: is the bot's lock ours, and is the run's row still open? Called inside the writing transaction, whose first
-- statement it is; until that transaction ends nobody can end the run's row, and so nobody else can become the holder before the commit.
-- Parameters: @bot_id, @run_no. Result: @held 1 or 0; @now and @wall, the server's clocks, from which the caller takes all its times.
-- Locks: an update lock on the run's row, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.prove_lock;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.prove_lock
  @bot_id bigint,
  @run_no int,
  @held bit OUTPUT,
  @now datetime2(3) OUTPUT,
  @wall datetime OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @lock nvarchar(255);
  SET @lock = N'tgn:' + DB_NAME() + N':bot:' + CAST(@bot_id AS nvarchar(20));
  SET @held = 0;
  SELECT @now = now_utc, @wall = wall_now FROM tgn.clock;
  IF APPLOCK_MODE('public', @lock, 'Session') = 'Exclusive'
    SELECT @held = 1 FROM tgn.run WITH (UPDLOCK, ROWLOCK) WHERE run_no = @run_no AND bot_id = @bot_id AND finished_utc IS NULL;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/prune_chunk.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Forgets details of what ended long ago, one chunk: @chunk rows, 2,000 at most, of one table are looked at by their numbers, and those that qualify
-- go in one transaction. The guards stand in the statements: nothing open loses anything, the newest run stays (a host remembers it), and
-- so does one whose calls nobody has judged; an invitation loses its text, number and detail, and stays, as what was spent is counted by it.
-- Parameters: the bot; @part attempts | earlier | invitations | runs | words | links; @before_utc; @after, the number where the last chunk ended, 0 at first; @chunk.
-- Result: n, how many went; next, the number where this chunk ended, null after the last. Locks: the rows that go, until the end of the statement.
DROP PROCEDURE IF EXISTS tgn_admin.prune_chunk;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.prune_chunk
  @bot_id bigint,
  @part varchar(20),
  @before_utc datetime2(3),
  @after bigint,
  @chunk int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @next bigint, @looked int, @n int;
  IF @chunk > 2000 SET @chunk = 2000;
  SET @n = 0;
  IF @part = 'attempts'
    SELECT @looked = COUNT(*), @next = MAX(t.no) FROM (SELECT TOP (@chunk) attempt_no AS no FROM tgn.attempt WHERE attempt_no > @after ORDER BY attempt_no) t;
  IF @part = 'earlier'
    SELECT @looked = COUNT(*), @next = MAX(t.no)
    FROM (SELECT TOP (@chunk) delivery_no AS no FROM tgn.earlier_attempt WHERE delivery_no > @after ORDER BY delivery_no) t;
  IF @part = 'invitations'
    SELECT @looked = COUNT(*), @next = MAX(t.no)
    FROM (SELECT TOP (@chunk) invitation_no AS no FROM tgn.invitation WHERE invitation_no > @after ORDER BY invitation_no) t;
  IF @part = 'runs'
    SELECT @looked = COUNT(*), @next = MAX(t.no) FROM (SELECT TOP (@chunk) run_no AS no FROM tgn.run WHERE run_no > @after ORDER BY run_no) t;
  -- A till may have an uncommitted word: it is passed over.
  IF @part = 'words'
    SELECT @looked = COUNT(*), @next = MAX(t.no)
    FROM (SELECT TOP (@chunk) wake_no AS no FROM tgn.wake WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) WHERE wake_no > @after ORDER BY wake_no) t;
  IF @part = 'links'
    SELECT @looked = COUNT(*), @next = MAX(t.no)
    FROM (SELECT TOP (@chunk) refused_no AS no FROM tgn.refused_link WHERE refused_no > @after ORDER BY refused_no) t;

  IF @part = 'attempts' AND @looked > 0
  BEGIN
    DELETE a FROM tgn.attempt a
    WHERE a.attempt_no > @after AND a.attempt_no <= @next AND a.bot_id = @bot_id AND a.finished_utc < @before_utc
      AND a.attempt_no NOT IN (
        SELECT d.attempt_no FROM tgn.delivery d
        WHERE d.state IN ('planned', 'sending', 'in_doubt') AND d.bot_id = @bot_id AND d.attempt_no IS NOT NULL)
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'earlier' AND @looked > 0
  BEGIN
    DELETE e FROM tgn.earlier_attempt e
    WHERE e.delivery_no > @after AND e.delivery_no <= @next AND NOT EXISTS (SELECT 1 FROM tgn.attempt a WHERE a.attempt_no = e.attempt_no)
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'invitations' AND @looked > 0
  BEGIN
    UPDATE i SET text = NULL, number = NULL, detail = NULL FROM tgn.invitation i
    WHERE i.invitation_no > @after AND i.invitation_no <= @next AND i.bot_id = @bot_id AND i.changed_utc < @before_utc
      AND i.state IN ('accepted', 'refused', 'in_doubt', 'skipped') AND (i.text IS NOT NULL OR i.number IS NOT NULL OR i.detail IS NOT NULL)
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'runs' AND @looked > 0
  BEGIN
    DELETE r FROM tgn.run r
    WHERE r.run_no > @after AND r.run_no <= @next AND r.bot_id = @bot_id AND r.finished_utc < @before_utc
      AND r.run_no < (SELECT MAX(n.run_no) FROM tgn.run n)
      AND NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = r.run_no)
      AND NOT EXISTS (SELECT 1 FROM tgn.invitation i WHERE i.state = 'sending' AND i.bot_id = @bot_id AND i.run_no = r.run_no)
      AND NOT EXISTS (SELECT 1 FROM tgn.attempt a WHERE a.bot_id = @bot_id AND a.run_no = r.run_no AND a.finished_utc IS NULL)
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'words' AND @looked > 0
  BEGIN
    DELETE w FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
    WHERE w.wake_no > @after AND w.wake_no <= @next AND w.bot_id = @bot_id AND w.served_utc < @before_utc
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'links' AND @looked > 0
  BEGIN
    DELETE l FROM tgn.refused_link l
    WHERE l.refused_no > @after AND l.refused_no <= @next AND l.bot_id = @bot_id AND l.at_utc < @before_utc
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  SELECT @n AS n, CASE WHEN @looked = @chunk THEN @next END AS next;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/prune_deliveries.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Takes away deliveries that ended long ago and whose operation Tillypad no longer has, one chunk: @chunk rows of the ledger are looked at by their
-- numbers. As long as its operation exists a delivery keeps its key, or it would be told again.
-- Parameters: the bot; @before, a wall clock, and @before_utc, the same moment; @after, the number where the last chunk ended, 0 at first; @chunk,
-- 2,000 at most. Result: n, how many went; next, the number where this chunk ended, null after the last.
-- Locks: the rows that go, until the end of the statement; Tillypad's only while each is read. Absence decides here, and so it waits for a lock; the
-- operations that stay locked are left for the next time.
DROP PROCEDURE IF EXISTS tgn_admin.prune_deliveries;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.prune_deliveries
  @bot_id bigint,
  @before datetime,
  @before_utc datetime2(3),
  @after bigint,
  @chunk int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @next bigint, @looked int, @n int;
  CREATE TABLE #ended (delivery_no bigint NOT NULL PRIMARY KEY, operation_id uniqueidentifier NOT NULL);
  CREATE TABLE #gone (delivery_no bigint NOT NULL PRIMARY KEY);
  IF @chunk > 2000 SET @chunk = 2000;
  SET @n = 0;
  SELECT @looked = COUNT(*), @next = MAX(t.no)
  FROM (SELECT TOP (@chunk) delivery_no AS no FROM tgn.delivery WHERE delivery_no > @after ORDER BY delivery_no) t;
  INSERT INTO #ended (delivery_no, operation_id)
  SELECT d.delivery_no, d.operation_id FROM tgn.delivery d
  WHERE d.delivery_no > @after AND d.delivery_no <= @next AND d.bot_id = @bot_id AND d.state IN ('delivered', 'refused', 'skipped')
    AND d.operation_date < @before AND d.changed_utc < @before_utc;
  BEGIN TRY
    INSERT INTO #gone (delivery_no)
    SELECT e.delivery_no FROM #ended e WHERE NOT EXISTS (SELECT 1 FROM tgn.operation o WHERE o.operation_id = e.operation_id)
    OPTION (LOOP JOIN, MAXDOP 1);
  END TRY
  BEGIN CATCH
    IF ERROR_NUMBER() <> 1222 THROW;
  END CATCH;
  DELETE d FROM tgn.delivery d JOIN #gone g ON g.delivery_no = d.delivery_no
  WHERE d.bot_id = @bot_id AND d.state IN ('delivered', 'refused', 'skipped');
  SET @n = @@ROWCOUNT;
  SELECT @n AS n, CASE WHEN @looked = @chunk THEN @next END AS next;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/prune_to.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Sets the horizon of what prune forgets, which never goes back; before anything is forgotten, so that it is never taken for something that was never
-- told. Parameters: the bot, @before, a wall clock. Result: horizon; no row for a bot that nothing has bound. Locks: the bot's row.
DROP PROCEDURE IF EXISTS tgn_admin.prune_to;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.prune_to
  @bot_id bigint,
  @before datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE tgn.bot SET pruned_to = @before WHERE bot_id = @bot_id AND (pruned_to IS NULL OR pruned_to < @before);
  EXEC tgn.flush_log;
  SELECT CONVERT(varchar(23), pruned_to, 121) AS horizon FROM tgn.bot WHERE bot_id = @bot_id;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_accounts.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- A customer's accounts and newest operation, for the bot's own replies. Parameter: @customers. Result: two sets. Accounts: one of each type that
-- has ever moved and isn't in the recycle bin, balance as decimal text, null where the history is above 20,000 operations or somebody is writing it.
-- Newest: the operation with its balance, which is its account's current one. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_accounts;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_accounts
  @customers tgn.id_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #asked (id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #asked (id) SELECT id FROM @customers;
  CREATE TABLE #long (customer_id uniqueidentifier NOT NULL PRIMARY KEY, operations int NOT NULL);
  CREATE TABLE #accounts (
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    balance varchar(41) COLLATE Latin1_General_BIN2 NULL, PRIMARY KEY (customer_id, account_type_id)
  );
  CREATE TABLE #newest (
    id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL,
    account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL, date datetime NOT NULL, sum varchar(41) COLLATE Latin1_General_BIN2 NOT NULL,
    document nvarchar(max) COLLATE DATABASE_DEFAULT NULL, description nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    division nvarchar(max) COLLATE DATABASE_DEFAULT NULL, return_of uniqueidentifier NULL
  );
  BEGIN TRY
    INSERT INTO #long (customer_id, operations)
    SELECT c.id, (SELECT COUNT(*) FROM (SELECT TOP (20001) 1 AS one FROM tgn.operation o WHERE o.customer_id = c.id) t) FROM #asked c
    OPTION (MAXDOP 1);
    INSERT INTO #accounts (customer_id, account_type_id, account_type)
    SELECT o.customer_id, o.account_type_id, t.name
    FROM (SELECT DISTINCT customer_id, account_type_id FROM tgn.operation WHERE customer_id IN (SELECT id FROM #asked)) o
    JOIN tgn.account_type t ON t.account_type_id = o.account_type_id AND t.deleted = 0
    OPTION (MAXDOP 1);
    INSERT INTO #newest (id, customer_id, account_type_id, account_type, date, sum, document, description, division, return_of)
    SELECT
      o.operation_id, o.customer_id, o.account_type_id, t.name, o.date, CONVERT(varchar(41), CAST(o.sum AS decimal(38, 4))), o.document, o.description,
      (SELECT TOP (1) v.name FROM tgn.division v WHERE v.authorization_id = o.authorization_id), o.return_of
    FROM #asked c
    CROSS APPLY (
      SELECT TOP (1) * FROM tgn.operation p WHERE p.customer_id = c.id ORDER BY p.date DESC, CAST(p.operation_id AS char(36)) DESC
    ) o
    LEFT JOIN tgn.account_type t ON t.account_type_id = o.account_type_id
    OPTION (MAXDOP 1);
    -- Asked for one account at a time: a sum over all customers' operations must never be made for a few of them.
    UPDATE a SET balance = CONVERT(varchar(41), CAST((
      SELECT b.balance FROM tgn.balance b WHERE b.customer_id = a.customer_id AND b.account_type_id = a.account_type_id
    ) AS decimal(38, 4)))
    FROM #accounts a
    JOIN #long l ON l.customer_id = a.customer_id AND l.operations <= 20000
    OPTION (MAXDOP 1);
  END TRY
  BEGIN CATCH
    -- Somebody is writing, or an altered view gives an account two balances (512): what was read by then is told, and no balance that was not.
    IF ERROR_NUMBER() NOT IN (1222, 512) THROW;
  END CATCH;
  SELECT customer_id, account_type_id, account_type, balance FROM #accounts
  ORDER BY CAST(customer_id AS char(36)), account_type, CAST(account_type_id AS char(36));
  SELECT
    n.id, n.customer_id, n.account_type_id, n.account_type, CONVERT(varchar(23), n.date, 121) AS date, n.sum, n.document, n.description, n.division,
    n.return_of, a.balance
  FROM #newest n LEFT JOIN #accounts a ON a.customer_id = n.customer_id AND a.account_type_id = n.account_type_id
  ORDER BY CAST(n.customer_id AS char(36));
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_clock.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The server's clocks. No parameters. Result: now, in UTC; wall_now, as Tillypad dates its operations. Takes no lock.
DROP PROCEDURE IF EXISTS tgn.read_clock;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_clock
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT now_utc AS now, CONVERT(varchar(23), wall_now, 121) AS wall_now FROM tgn.clock;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_fresh.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Customers and operations of a claim as they are now. No parameters, no result. Called by claim and advance in their transaction; reads their #go (no, customer_id) and
-- #row (customer_id, operation_id, ...), fills #person and #seen, #group and #above (find_ancestors), and #stuck with customers whom somebody has locked, or an
-- operation or a group of theirs: absence decides here, and so it waits for a lock; who stays locked is left alone.
-- Locks: none that outlast a row's reading. XACT_ABORT is off while it reads, so that a lock timeout doesn't undo what the caller has recorded.
DROP PROCEDURE IF EXISTS tgn.read_fresh;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_fresh
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @at int, @last int, @size int, @again bit, @stuck int;
  SELECT @at = 1, @again = 0, @stuck = 0;
  SELECT @last = COALESCE(MAX(no), 0) FROM #go;
  SET @size = @last;
  WHILE @at <= @last
  BEGIN
    BEGIN TRY
      SET XACT_ABORT OFF;
      INSERT INTO #person (customer_id, name, group_id, group_name, live)
      SELECT c.customer_id, c.name, c.group_id, c.group_name, c.live
      FROM #go g JOIN tgn.customer c ON c.customer_id = g.customer_id
      WHERE g.no >= @at AND g.no < @at + @size AND NOT EXISTS (SELECT 1 FROM #person p WHERE p.customer_id = g.customer_id)
      OPTION (LOOP JOIN, MAXDOP 1);
      INSERT INTO #group (group_id, done)
      SELECT DISTINCT p.group_id, 0 FROM #go g JOIN #person p ON p.customer_id = g.customer_id
      WHERE g.no >= @at AND g.no < @at + @size
        AND p.group_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM #group k WHERE k.group_id = p.group_id);
      EXEC tgn.find_ancestors @again;
      INSERT INTO #seen (operation_id, customer_id, account_type_id, account_type, date, sum, document, description, division, return_of)
      SELECT o.operation_id, o.customer_id, o.account_type_id,
        (SELECT TOP (1) t.name FROM tgn.account_type t WHERE t.account_type_id = o.account_type_id), o.date, o.sum, o.document, o.description,
        (SELECT TOP (1) v.name FROM tgn.division v WHERE v.authorization_id = o.authorization_id), o.return_of
      FROM #go g
      JOIN #row r ON r.customer_id = g.customer_id
      JOIN tgn.operation o ON o.operation_id = r.operation_id
      WHERE g.no >= @at AND g.no < @at + @size AND NOT EXISTS (SELECT 1 FROM #seen s WHERE s.operation_id = r.operation_id)
      OPTION (LOOP JOIN, MAXDOP 1);
      SET XACT_ABORT ON;
      SET @at = @at + @size;
      SET @size = CASE WHEN @size > 100000 THEN @size ELSE @size * 2 END;
    END TRY
    BEGIN CATCH
      SET XACT_ABORT ON;
      IF ERROR_NUMBER() <> 1222 THROW;
      -- Else a group that somebody has locked would be asked for again with each guest.
      DELETE FROM #group WHERE done = 0;
      -- The wait is over; who is still locked need not be waited for as long again, and once many are, not at all: a long transaction may hold
      -- them all.
      SET @again = 1;
      IF @stuck < 5 SET LOCK_TIMEOUT 100;
      ELSE SET LOCK_TIMEOUT 1;
      IF @size = 1
      BEGIN
        SET @stuck = @stuck + 1;
        INSERT INTO #stuck (customer_id) SELECT customer_id FROM #go WHERE no = @at;
        SET @at = @at + 1;
      END
      ELSE SET @size = (@size + 1) / 2;
    END CATCH;
  END;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_horizon.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What prune has forgotten. Parameter: the bot. Result: horizon, a wall clock; null before the first time, no row for a bot that nothing has bound.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.read_horizon;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_horizon
  @bot_id bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT CONVERT(varchar(23), pruned_to, 121) AS horizon FROM tgn.bot WHERE bot_id = @bot_id;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_invitees.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- One page of the customers who ask for an invitation and whom nobody has weighed. Parameters: the bot and its task; the customers that are meant; the
-- place where the last page ended (@after, null = from the start) and the page's size; what read_persons needs. Result: total, counted where
-- @counts is 1, and next, the page's last customer where there are more; then show_invitees' sets. Pages go by the customer, so that what is saved
-- of one page doesn't move the next. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.read_invitees;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_invitees
  @bot_id bigint,
  @task_id varchar(100),
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @after uniqueidentifier,
  @limit int,
  @counts bit,
  @note_type nvarchar(400),
  @consent varchar(10),
  @consent_note nvarchar(400),
  @consent_group uniqueidentifier
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @task_no int, @total int, @next uniqueidentifier, @rows int;
  CREATE TABLE #only (id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #invitee (
    no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL UNIQUE, operation_id uniqueidentifier NOT NULL, date datetime NOT NULL,
    operations int NOT NULL, row_no bigint NOT NULL
  );
  CREATE TABLE #person (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NOT NULL, phones_xml nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    profile_phone nvarchar(max) COLLATE DATABASE_DEFAULT NULL, may_invite bit NOT NULL, noted bit NOT NULL, consented bit NOT NULL
  );
  CREATE TABLE #phone (
    customer_id uniqueidentifier NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NULL, phone nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL
  );
  CREATE TABLE #stuck (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #page (no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, operations int NOT NULL, date datetime NOT NULL);

  INSERT INTO #only (id) SELECT id FROM @customers;
  SELECT @now = now_utc FROM tgn.clock;
  SELECT @task_no = task_no FROM tgn.task WHERE bot_id = @bot_id AND task_id = @task_id;
  IF @counts = 1
    SELECT @total = COUNT(DISTINCT d.customer_id) FROM tgn.delivery d
    WHERE d.asks = 1 AND d.bot_id = @bot_id AND d.task_no = @task_no AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = d.customer_id))
    OPTION (MAXDOP 1);
  INSERT INTO #page (no, customer_id, operations, date)
  SELECT ROW_NUMBER() OVER (ORDER BY g.customer_id), g.customer_id, g.operations, g.date
  FROM (
    SELECT TOP (@limit + 1) d.customer_id, COUNT(*) AS operations, MAX(d.operation_date) AS date FROM tgn.delivery d
    WHERE d.asks = 1 AND d.bot_id = @bot_id AND d.task_no = @task_no AND (@after IS NULL OR d.customer_id > @after)
      AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = d.customer_id))
    GROUP BY d.customer_id ORDER BY d.customer_id
  ) g
  OPTION (MAXDOP 1);
  SET @rows = @@ROWCOUNT;
  IF @rows > @limit SELECT @next = customer_id FROM #page WHERE no = @limit;
  INSERT INTO #invitee (no, customer_id, operation_id, date, operations, row_no)
  SELECT p.no, p.customer_id, n.operation_id, p.date, p.operations, 0
  FROM #page p
  CROSS APPLY (
    SELECT TOP (1) d.operation_id FROM tgn.delivery d
    WHERE d.asks = 1 AND d.bot_id = @bot_id AND d.task_no = @task_no AND d.customer_id = p.customer_id AND d.operation_date = p.date
    ORDER BY CONVERT(char(36), d.operation_id) DESC
  ) n
  WHERE p.no <= @limit
  OPTION (MAXDOP 1);

  EXEC tgn.read_persons 1, @note_type, @consent, @consent_note, @consent_group;
  SELECT @total AS total, @next AS next;
  EXEC tgn.show_invitees @bot_id, @now;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_listed_invitees.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- One page of list_invitees' customers as they are now. Parameters: the bot; the customers of the page; what read_persons needs. Result:
-- show_invitees' sets. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.read_listed_invitees;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_listed_invitees
  @bot_id bigint,
  @invitees tgn.invitee_list_1 READONLY,
  @note_type nvarchar(400),
  @consent varchar(10),
  @consent_note nvarchar(400),
  @consent_group uniqueidentifier
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3);
  CREATE TABLE #invitee (
    no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL UNIQUE, operation_id uniqueidentifier NOT NULL, date datetime NOT NULL,
    operations int NOT NULL, row_no bigint NOT NULL
  );
  CREATE TABLE #person (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NOT NULL, phones_xml nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    profile_phone nvarchar(max) COLLATE DATABASE_DEFAULT NULL, may_invite bit NOT NULL, noted bit NOT NULL, consented bit NOT NULL
  );
  CREATE TABLE #phone (
    customer_id uniqueidentifier NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NULL, phone nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL
  );
  CREATE TABLE #stuck (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  SELECT @now = now_utc FROM tgn.clock;
  INSERT INTO #invitee (no, customer_id, operation_id, date, operations, row_no)
  SELECT ROW_NUMBER() OVER (ORDER BY customer_id), customer_id, operation_id, CAST(date AS datetime), operations, 0
  FROM @invitees;
  EXEC tgn.read_persons 1, @note_type, @consent, @consent_note, @consent_group;
  EXEC tgn.show_invitees @bot_id, @now;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_notes.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Notes of live customers that say something else than when they were last judged or written; text as stored, blanks alone are null.
-- The newest note of a customer counts: nothing keeps a "unique" note unique. Parameters: @bot_id (0: as if nothing had been judged), @note_type, its
-- name, @limit. Result: customer_id, text, noted and the subscription's columns, null where there is none. Nothing at all when a note is locked by
-- somebody who writes it: its absence would be taken for its removal. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_notes;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_notes
  @bot_id bigint,
  @note_type nvarchar(400),
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #newest (customer_id uniqueidentifier NOT NULL PRIMARY KEY, text nvarchar(4000) COLLATE Latin1_General_BIN2 NULL);
  CREATE TABLE #changed (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, text nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    noted nvarchar(4000) COLLATE Latin1_General_BIN2 NULL
  );
  BEGIN TRY
    INSERT INTO #newest (customer_id, text)
    SELECT p.customer_id, p.text
    FROM (
      SELECT n.customer_id, n.text, ROW_NUMBER() OVER (
        PARTITION BY n.customer_id ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC
      ) AS place
      FROM tgn.note n JOIN tgn.note_type t ON t.note_type_id = n.note_type_id
      WHERE t.name = @note_type
    ) p
    WHERE p.place = 1
    OPTION (MAXDOP 1);
    INSERT INTO #changed (customer_id, text, noted)
    SELECT TOP (@limit) h.customer_id, h.text, h.noted
    FROM (
      SELECT n.customer_id, n.text, m.noted
      FROM #newest n LEFT JOIN tgn.note_mirror m ON m.bot_id = @bot_id AND m.customer_id = n.customer_id
      WHERE NOT (n.text IS NULL AND m.noted IS NULL) AND (n.text IS NULL OR m.noted IS NULL OR n.text + N'|' <> m.noted + N'|')
      UNION ALL
      SELECT m.customer_id, NULL, m.noted
      FROM tgn.note_mirror m
      WHERE m.bot_id = @bot_id AND m.noted IS NOT NULL AND NOT EXISTS (SELECT 1 FROM #newest n WHERE n.customer_id = m.customer_id)
    ) h
    JOIN tgn.customer c ON c.customer_id = h.customer_id AND c.live = 1
    ORDER BY CAST(h.customer_id AS char(36))
    OPTION (MAXDOP 1);
  END TRY
  BEGIN CATCH
    IF ERROR_NUMBER() <> 1222 THROW;
    DELETE FROM #changed;
  END CATCH;
  SELECT h.customer_id, h.text, h.noted, s.chat_id, s.state, s.origin, s.epoch
  FROM #changed h LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = h.customer_id
  ORDER BY CAST(h.customer_id AS char(36));
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_open_invitations.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Accepted invitations whose fate isn't known yet, those longest not asked about first. Parameters: the bot, the operator (@gateway), @since when they
-- were sent, @limit. Result: row_no, gateway, gateway_id. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_open_invitations;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_open_invitations
  @bot_id bigint,
  @gateway varchar(20),
  @since datetime2(3),
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT TOP (@limit) invitation_no AS row_no, gateway, gateway_id FROM tgn.invitation
  WHERE awaits = 1 AND bot_id = @bot_id AND gateway = @gateway AND sent_utc >= @since
  ORDER BY CASE WHEN status_utc IS NULL THEN 0 ELSE 1 END, status_utc, invitation_no
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_parameters.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Parameters of Tillypad's tasks, the newest committed version of each. No parameters. Result: task_id, parameters.
-- READPAST: a version that a task is just saving is the next run's. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_parameters;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_parameters
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT p.task_id, p.parameters
  FROM tgn.task_parameters p WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
  WHERE NOT EXISTS (
    SELECT 1 FROM tgn.task_parameters n WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) WHERE n.task_id = p.task_id AND n.version > p.version
  )
  ORDER BY p.task_id;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_persons.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What decides whether customers are invited, as it is now, without anything parsed. Called by read_invitees, read_listed_invitees and
-- advance_invitations, whose tables it reads and fills: #invitee (no, customer_id, operation_id, ...), #person, #phone, and #stuck with customers of
-- whom somebody has locked anything: absence decides here, and so it waits for a lock; who stays locked is left for later. A customer who is gone
-- for good gets no row in #person.
-- Parameters: @first, the number in #invitee to begin with; the name of the note type that holds chat ids; the consent that is asked for (none |
-- note | group) with the note type's name or the group's id. No result.
-- Locks: none that outlast a row's reading. XACT_ABORT is off while it reads, so that a lock timeout doesn't undo what the caller has recorded.
DROP PROCEDURE IF EXISTS tgn.read_persons;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_persons
  @first int,
  @note_type nvarchar(400),
  @consent varchar(10),
  @consent_note nvarchar(400),
  @consent_group uniqueidentifier
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @at int, @last int, @size int, @stuck int;
  CREATE TABLE #naming (note_type_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #agreeing (note_type_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #agreed (group_id uniqueidentifier NOT NULL PRIMARY KEY);
  BEGIN TRY
    SET XACT_ABORT OFF;
    INSERT INTO #naming (note_type_id) SELECT note_type_id FROM tgn.note_type WHERE name = @note_type;
    IF @consent = 'note' INSERT INTO #agreeing (note_type_id) SELECT note_type_id FROM tgn.note_type WHERE name = @consent_note;
    IF @consent = 'group'
      INSERT INTO #agreed (group_id) SELECT DISTINCT group_id FROM tgn.customer_group WHERE ancestor_id = @consent_group OPTION (MAXDOP 1);
    SET XACT_ABORT ON;
  END TRY
  BEGIN CATCH
    SET XACT_ABORT ON;
    IF ERROR_NUMBER() <> 1222 THROW;
    -- What decides about all of them is locked.
    INSERT INTO #stuck (customer_id) SELECT i.customer_id FROM #invitee i
    WHERE i.no >= @first AND NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = i.customer_id);
    RETURN;
  END CATCH;

  SELECT @at = @first, @stuck = 0;
  SELECT @last = COALESCE(MAX(no), 0) FROM #invitee;
  SET @size = @last - @first + 1;
  WHILE @at <= @last
  BEGIN
    BEGIN TRY
      SET XACT_ABORT OFF;
      DELETE h FROM #phone h JOIN #invitee i ON i.customer_id = h.customer_id WHERE i.no >= @at AND i.no < @at + @size;
      INSERT INTO #phone (customer_id, id_text, phone)
      SELECT i.customer_id, CONVERT(char(36), h.phone_id), h.phone
      FROM #invitee i JOIN tgn.customer_phone h ON h.customer_id = i.customer_id
      WHERE i.no >= @at AND i.no < @at + @size AND h.phone IS NOT NULL
      OPTION (LOOP JOIN, MAXDOP 1);
      -- The newest note of a customer counts: nothing keeps a "unique" note unique.
      INSERT INTO #person (customer_id, name, group_id, group_name, live, phones_xml, profile_phone, may_invite, noted, consented)
      SELECT c.customer_id, c.name, c.group_id, c.group_name,
        CASE WHEN c.live = 1 AND EXISTS (SELECT 1 FROM tgn.operation o WHERE o.operation_id = i.operation_id) THEN 1 ELSE 0 END,
        c.phones_xml, c.profile_phone, COALESCE(c.may_invite, 0),
        CASE WHEN (
          SELECT TOP (1) n.text FROM tgn.note n WHERE n.customer_id = i.customer_id AND n.note_type_id IN (SELECT note_type_id FROM #naming)
          ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC
        ) IS NULL THEN 0 ELSE 1 END,
        CASE
          WHEN @consent = 'none' THEN 1
          WHEN @consent = 'note' THEN CASE WHEN (
            SELECT TOP (1) n.text FROM tgn.note n WHERE n.customer_id = i.customer_id AND n.note_type_id IN (SELECT note_type_id FROM #agreeing)
            ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC
          ) IS NULL THEN 0 ELSE 1 END
          WHEN EXISTS (SELECT 1 FROM #agreed g WHERE g.group_id = c.group_id) THEN 1
          ELSE 0
        END
      FROM #invitee i JOIN tgn.customer c ON c.customer_id = i.customer_id
      WHERE i.no >= @at AND i.no < @at + @size
      OPTION (LOOP JOIN, MAXDOP 1);
      SET XACT_ABORT ON;
      SET @at = @at + @size;
      SET @size = CASE WHEN @size > 100000 THEN @size ELSE @size * 2 END;
    END TRY
    BEGIN CATCH
      SET XACT_ABORT ON;
      IF ERROR_NUMBER() <> 1222 THROW;
      -- The wait is over; who is still locked need not be waited for as long again, and once many are, not at all: a long transaction may hold
      -- them all.
      IF @stuck < 5 SET LOCK_TIMEOUT 100;
      ELSE SET LOCK_TIMEOUT 1;
      IF @size = 1
      BEGIN
        SET @stuck = @stuck + 1;
        INSERT INTO #stuck (customer_id) SELECT customer_id FROM #invitee WHERE no = @at;
        SET @at = @at + 1;
      END
      ELSE SET @size = (@size + 1) / 2;
    END CATCH;
  END;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_place.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Is this the place that the ledger was installed in, or a copy? No parameters. Result: bound_to, here; no row when nobody has installed it.
-- Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_place;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_place
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT p.bound_to, h.place AS here FROM tgn.place p CROSS JOIN tgn.here h;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_spent.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Segments spent on invitations, and what waits. Parameters: the bot; @day_from, @month_from, the beginnings of the restaurant's day and month.
-- Result: day, month, waiting, waiting_segments. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_spent;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_spent
  @bot_id bigint,
  @day_from datetime2(3),
  @month_from datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @day int, @month int, @waiting int, @waiting_segments int;
  EXEC tgn.sum_spent @bot_id, @day_from, @month_from, @day OUTPUT, @month OUTPUT;
  SELECT @waiting = COUNT(*), @waiting_segments = COALESCE(SUM(segments), 0) FROM tgn.invitation WHERE state = 'planned' AND bot_id = @bot_id;
  SELECT @day AS day, @month AS month, @waiting AS waiting, @waiting_segments AS waiting_segments;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_start.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What the server allows for starting the program, as far as its caller can see; NULL = it can't. No parameters. Result: one row: database,
-- edition (EngineEdition), platform windows | linux, agent_running, shell_enabled, agent_ready (msdb.dbo.tgn_start is there), shell_ready
-- (master.dbo.tgn_start), way. Takes no lock. Rights beyond EXECUTE only make it see more.
DROP PROCEDURE IF EXISTS tgn_admin.read_start;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.read_start
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @agent bit, @switched bit, @shell bit, @agent_ready bit, @shell_ready bit;
  -- The Agent switches its procedures on when it starts and off when it stops: what everybody may see. The service itself takes VIEW SERVER STATE.
  BEGIN TRY
    SELECT @switched = MAX(CASE WHEN name = N'Agent XPs' THEN CAST(value_in_use AS int) END),
      @shell = MAX(CASE WHEN name = N'xp_cmdshell' THEN CAST(value_in_use AS int) END)
    FROM sys.configurations WHERE name IN (N'Agent XPs', N'xp_cmdshell');
  END TRY
  BEGIN CATCH
    SET @switched = NULL;
  END CATCH;
  BEGIN TRY
    IF OBJECT_ID(N'sys.dm_server_services') IS NOT NULL
      SELECT @agent = MAX(CASE WHEN status = 4 THEN 1 ELSE 0 END) FROM sys.dm_server_services WHERE servicename LIKE N'SQL Server Agent%';
  END TRY
  BEGIN CATCH
    SET @agent = NULL;
  END CATCH;
  SET @agent = COALESCE(@agent, @switched);
  -- Metadata of another database is seen only by those who have something to do there: nothing found says nothing then.
  BEGIN TRY
    SET @agent_ready = CASE WHEN OBJECT_ID(N'msdb.dbo.tgn_start', N'P') IS NOT NULL THEN 1 WHEN IS_SRVROLEMEMBER(N'sysadmin') = 1 THEN 0 END;
    SET @shell_ready = CASE WHEN OBJECT_ID(N'master.dbo.tgn_start', N'P') IS NOT NULL THEN 1 WHEN IS_SRVROLEMEMBER(N'sysadmin') = 1 THEN 0 END;
  END TRY
  BEGIN CATCH
    SET @agent_ready = NULL;
  END CATCH;

  SELECT DB_NAME() AS [database], CAST(SERVERPROPERTY('EngineEdition') AS int) AS edition,
    CASE WHEN CHARINDEX(N' on Linux', @@VERSION) > 0 THEN 'linux' ELSE 'windows' END AS platform,
    @agent AS agent_running, @shell AS shell_enabled, @agent_ready AS agent_ready, @shell_ready AS shell_ready,
    (SELECT way FROM tgn.start_way) AS way;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_status.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- How the ledger stands. Parameters: @bot_id, one bot or (null) all; @runs, how many runs at most. Result: one row: now, wall_now, bound_to, here, key_fingerprint, place_paused,
-- bound, offset, polled_at, quiet_until, paused_until, unread_since, notes_failed; then the newest runs; who holds the lock, if anybody; deliveries by
-- state and skip reason (state, reason, n); what is planned (due, later, next_at, oldest); subscriptions (state, n, by_note); refused links
-- (reason, n); tasks. The counts walk the ledger's table of deliveries once: a second on a few million rows, and nobody waits for it.
-- Locks: none that outlast a row's reading; nothing of Tillypad's is read.
DROP PROCEDURE IF EXISTS tgn.read_status;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_status
  @bot_id bigint,
  @runs int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @wall datetime, @bots int;
  SELECT @now = now_utc, @wall = wall_now FROM tgn.clock;
  SELECT @bots = COUNT(*) FROM tgn.bot WHERE @bot_id IS NULL OR bot_id = @bot_id;

  -- Of all bots: paused only where every one is.
  SELECT @now AS now, CONVERT(varchar(23), @wall, 121) AS wall_now, p.bound_to, w.place AS here, p.key_fingerprint, p.paused AS place_paused,
    CAST(CASE WHEN @bots > 0 THEN 1 ELSE 0 END AS bit) AS bound, CASE WHEN @bot_id IS NOT NULL THEN b.offset END AS offset, b.polled_at,
    b.quiet_until, CASE WHEN b.paused = @bots THEN b.paused_until END AS paused_until,
    (SELECT MIN(w.made_utc) FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
      WHERE w.kind <> 'run' AND w.served_utc IS NULL AND (@bot_id IS NULL OR w.bot_id = @bot_id)) AS unread_since,
    (SELECT COUNT(*) FROM tgn.note_mirror m WHERE m.pending = 1 AND m.failures > 0 AND (@bot_id IS NULL OR m.bot_id = @bot_id)) AS notes_failed
  FROM tgn.place p
  CROSS JOIN tgn.here w
  CROSS JOIN (
    SELECT MAX(offset) AS offset, MAX(polled_utc) AS polled_at, MAX(quiet_until_utc) AS quiet_until, COUNT(paused_until_utc) AS paused,
      MIN(paused_until_utc) AS paused_until
    FROM tgn.bot WHERE @bot_id IS NULL OR bot_id = @bot_id
  ) b;

  -- NOLOCK: a run at work holds its own row while it waits for somebody else's.
  SELECT TOP (@runs) run_no, started_utc AS started_at, finished_utc AS finished_at, exit_code, host, summary FROM tgn.run WITH (NOLOCK)
  WHERE @bot_id IS NULL OR bot_id = @bot_id ORDER BY run_no DESC;
  SELECT TOP (1) host, pid, started_utc AS started_at, heartbeat_utc AS heartbeat_at FROM tgn.run WITH (NOLOCK)
  WHERE finished_utc IS NULL AND (@bot_id IS NULL OR bot_id = @bot_id) ORDER BY run_no DESC;
  SELECT d.state, d.reason, COUNT(*) AS n
  FROM (
    SELECT state, CASE WHEN state = 'skipped' THEN reason END AS reason FROM tgn.delivery WHERE @bot_id IS NULL OR bot_id = @bot_id
  ) d
  GROUP BY d.state, d.reason
  OPTION (MAXDOP 1);
  SELECT
    COUNT(CASE WHEN not_before_utc IS NULL OR not_before_utc <= @now THEN 1 END) AS due, COUNT(CASE WHEN not_before_utc > @now THEN 1 END) AS later,
    MIN(CASE WHEN not_before_utc > @now THEN not_before_utc END) AS next_at, CONVERT(varchar(23), MIN(operation_date), 121) AS oldest
  FROM tgn.delivery WHERE state = 'planned' AND (@bot_id IS NULL OR bot_id = @bot_id)
  OPTION (MAXDOP 1);
  SELECT state, COUNT(*) AS n, COUNT(CASE WHEN state = 'active' AND origin = 'note' THEN 1 END) AS by_note FROM tgn.subscription
  WHERE @bot_id IS NULL OR bot_id = @bot_id GROUP BY state;
  SELECT reason, COUNT(*) AS n FROM tgn.refused_link WHERE @bot_id IS NULL OR bot_id = @bot_id GROUP BY reason ORDER BY COUNT(*) DESC, reason;
  SELECT task_id, CONVERT(varchar(23), watermark, 121) AS watermark, first_look_done, CONVERT(varchar(23), overlap_look_at, 121) AS overlap_look_at,
    CONVERT(varchar(23), deep_look_at, 121) AS deep_look_at, CONVERT(varchar(23), brake_held_at, 121) AS brake_held_at
  FROM tgn.task WHERE @bot_id IS NULL OR bot_id = @bot_id ORDER BY task_id, bot_id;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_story.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The whole story of a customer, or of one operation. Parameters: the bot; @customer_id or @operation_id; @limit, how many operations at most;
-- @note_type, the name of the note that holds a chat id. Result: whom it is about (customer_id, is_known; the customer's columns as
-- find_customers gives them, changed_at, guest_language); the phones, the newest generation first; the note (text); the operations, newest first, as
-- preview gives them, with those told last, however old; what tell_deliveries gives of them, and of operations that Tillypad no longer has; the
-- links refused for the customer; the groups above the customer's, the nearest first: ancestor_id. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.read_story;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_story
  @bot_id bigint,
  @customer_id uniqueidentifier,
  @operation_id uniqueidentifier,
  @limit int,
  @note_type nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @single bit, @note nvarchar(4000), @has_note bit;
  CREATE TABLE #shown (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL,
    account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL, date datetime NOT NULL, sum decimal(38, 4) NOT NULL,
    document nvarchar(max) COLLATE DATABASE_DEFAULT NULL, description nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    division nvarchar(max) COLLATE DATABASE_DEFAULT NULL, return_of uniqueidentifier NULL
  );
  CREATE TABLE #told (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL
  );
  CREATE TABLE #story (place int IDENTITY (1, 1) NOT NULL PRIMARY KEY, delivery_no bigint NOT NULL UNIQUE);
  CREATE TABLE #phone (generation int NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NULL, phone nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL);

  CREATE TABLE #group (group_id uniqueidentifier NOT NULL PRIMARY KEY, done bit NOT NULL);
  CREATE TABLE #above (group_id uniqueidentifier NOT NULL, ancestor_id uniqueidentifier NOT NULL, distance int NOT NULL, PRIMARY KEY (group_id, ancestor_id));

  SET @single = CASE WHEN @operation_id IS NULL THEN 0 ELSE 1 END;
  IF @single = 1
  BEGIN
    SELECT @customer_id = customer_id FROM tgn.operation WHERE operation_id = @operation_id;
    IF @customer_id IS NULL SELECT @customer_id = customer_id FROM tgn.delivery WHERE bot_id = @bot_id AND operation_id = @operation_id;
  END;

  INSERT INTO #shown (operation_id, customer_id, account_type_id, account_type, date, sum, document, description, division, return_of)
  SELECT o.operation_id, o.customer_id, o.account_type_id,
    (SELECT TOP (1) y.name FROM tgn.account_type y WHERE y.account_type_id = o.account_type_id), o.date, o.sum, o.document, o.description,
    (SELECT TOP (1) v.name FROM tgn.division v WHERE v.authorization_id = o.authorization_id), o.return_of
  FROM (
    SELECT p.operation_id
    FROM (
      SELECT TOP (@limit) q.operation_id FROM tgn.operation q
      WHERE (@single = 1 AND q.operation_id = @operation_id) OR (@single = 0 AND q.customer_id = @customer_id)
      ORDER BY q.date DESC, CONVERT(char(36), q.operation_id) DESC
    ) p
    UNION
    SELECT l.operation_id
    FROM (
      SELECT TOP (@limit) d.operation_id FROM tgn.delivery d
      WHERE @single = 0 AND d.bot_id = @bot_id AND d.customer_id = @customer_id AND d.attempt_no IS NOT NULL
      ORDER BY d.changed_utc DESC, d.delivery_no DESC
    ) l
  ) n
  JOIN tgn.operation o ON o.operation_id = n.operation_id
  OPTION (RECOMPILE, MAXDOP 1);
  INSERT INTO #told (operation_id, id_text, date, customer_id, account_type_id)
  SELECT operation_id, CONVERT(char(36), operation_id), date, customer_id, account_type_id FROM #shown;
  EXEC tgn.fill_balances 'after';

  INSERT INTO #story (delivery_no)
  SELECT s.delivery_no
  FROM (
    SELECT d.delivery_no, d.operation_date, d.operation_id FROM tgn.delivery d
    WHERE d.bot_id = @bot_id AND (d.operation_id = @operation_id OR d.operation_id IN (SELECT operation_id FROM #shown))
    UNION
    SELECT g.delivery_no, g.operation_date, g.operation_id
    FROM (
      SELECT TOP (@limit) d.delivery_no, d.operation_date, d.operation_id FROM tgn.delivery d
      WHERE @single = 0 AND d.bot_id = @bot_id AND d.customer_id = @customer_id
        AND NOT EXISTS (SELECT 1 FROM tgn.operation o WHERE o.operation_id = d.operation_id)
      ORDER BY d.operation_date DESC, CONVERT(char(36), d.operation_id) DESC
    ) g
  ) s
  ORDER BY s.operation_date DESC, CONVERT(char(36), s.operation_id) DESC;

  INSERT INTO #phone (generation, id_text, phone)
  SELECT 1, CONVERT(char(36), phone_id), CAST(phone AS nvarchar(max)) COLLATE DATABASE_DEFAULT FROM tgn.customer_phone WHERE customer_id = @customer_id
  UNION ALL
  SELECT 2, NULL, CAST(phones_xml AS nvarchar(max)) COLLATE DATABASE_DEFAULT FROM tgn.customer WHERE customer_id = @customer_id AND phones_xml IS NOT NULL
  UNION ALL
  SELECT 3, NULL, CAST(profile_phone AS nvarchar(max)) COLLATE DATABASE_DEFAULT FROM tgn.customer WHERE customer_id = @customer_id AND profile_phone IS NOT NULL;
  -- The note as it is now; under another name than the program's own, what the last run saw in it.
  SET @has_note = 0;
  SELECT TOP (1) @has_note = 1, @note = n.text
  FROM tgn.note n JOIN tgn.note_type t ON t.note_type_id = n.note_type_id
  WHERE n.customer_id = @customer_id AND t.name = @note_type
  ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CONVERT(char(36), n.note_id) DESC;
  IF @has_note = 0 SELECT @note = noted FROM tgn.note_mirror WHERE bot_id = @bot_id AND customer_id = @customer_id;

  SELECT c.customer_id, c.name, c.group_id, c.group_name, c.live INTO #person FROM tgn.customer c WHERE c.customer_id = @customer_id;
  INSERT INTO #group (group_id, done) SELECT group_id, 0 FROM #person WHERE group_id IS NOT NULL;
  EXEC tgn.find_ancestors;
  SELECT @customer_id AS customer_id, CAST(CASE WHEN c.customer_id IS NULL THEN 0 ELSE 1 END AS bit) AS is_known, c.name AS customer_name,
    c.group_id, c.group_name, c.live, s.chat_id, s.state, s.origin, s.epoch, s.changed_utc AS changed_at, h.language AS guest_language
  FROM (SELECT 1 AS one) o
  LEFT JOIN #person c ON c.customer_id = @customer_id
  LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = c.customer_id
  LEFT JOIN tgn.chat h ON h.bot_id = s.bot_id AND h.chat_id = s.chat_id;
  SELECT phone FROM #phone ORDER BY generation, id_text;
  SELECT @note AS text;
  SELECT s.operation_id AS id, s.customer_id, s.account_type_id, s.account_type, CONVERT(varchar(23), s.date, 121) AS date,
    CONVERT(varchar(50), s.sum) AS sum, s.document, s.description, s.division, s.return_of, CONVERT(varchar(50), b.balance) AS balance
  FROM #shown s JOIN #told b ON b.operation_id = s.operation_id
  ORDER BY s.date DESC, b.id_text DESC;
  EXEC tgn.tell_deliveries;
  SELECT TOP (@limit) chat_id, update_id, reason, customer_id, at_utc AS at FROM tgn.refused_link
  WHERE bot_id = @bot_id AND customer_id = @customer_id ORDER BY refused_no DESC;
  SELECT ancestor_id FROM #above ORDER BY distance;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_tasks.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What the ledger remembers of tasks. Parameters: @bot_id, @tasks. Result: a row for each task that it knows, in no order.
-- Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_tasks;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_tasks
  @bot_id bigint,
  @tasks tgn.text_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A set comes in without statistics, and its plan would be tied to the first caller's: it is copied first, here and wherever one comes in.
  CREATE TABLE #asked (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #asked (item) SELECT item FROM @tasks;
  SELECT
    t.task_id, CONVERT(varchar(23), t.watermark, 121) AS watermark, t.first_look_done,
    CONVERT(varchar(23), t.overlap_look_at, 121) AS overlap_look_at, CONVERT(varchar(23), t.deep_look_at, 121) AS deep_look_at,
    CONVERT(varchar(23), t.brake_held_at, 121) AS brake_held_at
  FROM tgn.task t
  WHERE t.bot_id = @bot_id AND t.task_id IN (SELECT item FROM #asked);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/read_words.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Words for the bot: rows that ask the lock's holder to look. Parameter: @bot_id. Result: wake_no, the newest word's number of any bot, as it
-- is only compared; event_at, when the newest event came that nobody has served. NOLOCK: a till's word that isn't committed yet must be seen, and
-- waited for by nobody; it only decides to look again. Takes no lock.
DROP PROCEDURE IF EXISTS tgn.read_words;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.read_words
  @bot_id bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT
    (SELECT COALESCE(MAX(wake_no), 0) FROM tgn.wake WITH (NOLOCK)) AS wake_no,
    (SELECT MAX(made_utc) FROM tgn.wake WITH (NOLOCK) WHERE bot_id = @bot_id AND kind = 'event' AND served_utc IS NULL) AS event_at;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/record.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Records the calls that ended. Called by advance in its transaction, after the guard; adds the reasons of rows that ended to its #skipped.
-- Parameters: the bot, the run, the time; @expired, before which a row that is tried again must not have been planned; a 429 to be
-- remembered; the calls in their order, and the rows that were not in their messages. A call is recorded once, whatever is told of it
-- later; only a doubt may still be proved to have been delivered. Every statement carries its guard: state, attempt and run.
-- No result. Locks: the attempts, deliveries and subscriptions that change, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.record;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.record
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @expired datetime2(3),
  @quiet_until datetime2(3),
  @finished tgn.finished_list_1 READONLY,
  @released tgn.released_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @turn int, @turns int;
  DECLARE @suspended tgn.id_list_1;
  DECLARE @ended TABLE (
    attempt_no bigint NOT NULL PRIMARY KEY, seq int NOT NULL, chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    outcome varchar(10) COLLATE Latin1_General_BIN2 NOT NULL, code varchar(20) COLLATE Latin1_General_BIN2 NULL, not_before_utc datetime2(3) NULL,
    late bit NOT NULL
  );

  -- What is told twice of one call is taken one after the other.
  SELECT @turns = MAX(n) FROM (SELECT COUNT(*) AS n FROM @finished GROUP BY attempt_no) c;
  SET @turn = 1;
  WHILE @turn <= @turns
  BEGIN
    IF @turn > 1 DELETE FROM @ended;
    INSERT INTO @ended (attempt_no, seq, chat_id, outcome, code, not_before_utc, late)
    SELECT a.attempt_no, f.seq, a.chat_id, f.outcome, f.code, f.not_before_utc, CASE WHEN a.finished_utc IS NULL THEN 0 ELSE 1 END
    FROM (SELECT seq, attempt_no, outcome, code, not_before_utc, ROW_NUMBER() OVER (PARTITION BY attempt_no ORDER BY seq) AS turn FROM @finished) f
    JOIN tgn.attempt a ON a.attempt_no = f.attempt_no
    WHERE f.turn = @turn AND a.run_no = @run_no AND (a.finished_utc IS NULL OR (a.outcome = 'in_doubt' AND f.outcome = 'delivered'));
    UPDATE a SET finished_utc = @now, outcome = f.outcome, code = f.code, detail = f.detail, message_id = f.message_id, length = f.length
    FROM tgn.attempt a JOIN @ended e ON e.attempt_no = a.attempt_no JOIN @finished f ON f.seq = e.seq
    WHERE a.run_no = @run_no AND (a.finished_utc IS NULL OR a.outcome = 'in_doubt');

    -- Not in the message: as if never claimed, except that what is told once more stays together.
    UPDATE d SET state = 'planned', run_no = NULL, attempt_no = CASE WHEN d.repeat = 1 THEN d.attempt_no END, not_before_utc = NULL, changed_utc = @now
    FROM tgn.delivery d JOIN @released r ON r.delivery_no = d.delivery_no JOIN @ended e ON e.attempt_no = r.attempt_no
    WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.attempt_no = r.attempt_no AND d.run_no = @run_no;

    IF EXISTS (SELECT 1 FROM @ended e JOIN @finished f ON f.seq = e.seq WHERE f.suspend_chat = 1)
    BEGIN
      DELETE FROM @suspended;
      INSERT INTO @suspended (id)
      SELECT s.customer_id FROM tgn.subscription s
      WHERE s.bot_id = @bot_id AND s.state = 'active'
        AND s.chat_id IN (SELECT e.chat_id FROM @ended e JOIN @finished f ON f.seq = e.seq WHERE f.suspend_chat = 1);
      UPDATE s SET state = 'suspended', changed_utc = @now
      FROM tgn.subscription s JOIN @suspended x ON x.id = s.customer_id
      WHERE s.bot_id = @bot_id AND s.state = 'active';
      EXEC tgn.want_notes @bot_id, @suspended;
    END;

    UPDATE d SET state = e.outcome, reason = CASE WHEN e.outcome <> 'delivered' THEN e.code END,
      tries = d.tries + CASE WHEN e.outcome = 'in_doubt' THEN 1 ELSE 0 END, changed_utc = @now
    FROM tgn.delivery d JOIN @ended e ON e.attempt_no = d.attempt_no
    WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = @run_no AND e.outcome <> 'retry';
    -- Late proof for a call that was in doubt.
    IF EXISTS (SELECT 1 FROM @ended WHERE late = 1)
      UPDATE d SET state = 'delivered', reason = NULL, changed_utc = @now
      FROM tgn.delivery d JOIN @ended e ON e.attempt_no = d.attempt_no
      WHERE d.state = 'in_doubt' AND d.bot_id = @bot_id AND d.run_no = @run_no AND d.resolved IS NULL AND e.outcome = 'delivered';
    -- Surely not sent: waits for its next try, until its time to live is over.
    IF EXISTS (SELECT 1 FROM @ended WHERE outcome = 'retry')
    BEGIN
      INSERT INTO #skipped (reason)
      SELECT 'too_old' FROM tgn.delivery d JOIN @ended e ON e.attempt_no = d.attempt_no
      WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = @run_no AND e.outcome = 'retry' AND d.planned_utc < @expired;
      UPDATE d SET state = CASE WHEN d.planned_utc < @expired THEN 'skipped' ELSE 'planned' END,
        reason = CASE WHEN d.planned_utc < @expired THEN 'too_old' END,
        run_no = NULL, not_before_utc = e.not_before_utc, tries = d.tries + 1, changed_utc = @now
      FROM tgn.delivery d JOIN @ended e ON e.attempt_no = d.attempt_no
      WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = @run_no AND e.outcome = 'retry';
    END;
    SET @turn = @turn + 1;
  END;
  IF @quiet_until IS NOT NULL
    UPDATE tgn.bot SET quiet_until_utc = @quiet_until WHERE bot_id = @bot_id AND (quiet_until_utc IS NULL OR quiet_until_utc < @quiet_until);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/record_invitations.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Records what became of SMS. Called by advance_invitations in its transaction. Parameters: the bot, the run that sent them, the time; @held 0: the
-- lock is lost, and only the late proof counts that one in doubt was accepted after all; what was sent. Every statement carries its guard, run and
-- state, so that telling it twice changes nothing. No result. Locks: the rows that change, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.record_invitations;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.record_invitations
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @held bit,
  @sent tgn.sent_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- Refused for this number, in doubt, or not to be sent after all.
  IF @held = 1
    UPDATE v SET state = s.state, reason = s.reason, number = COALESCE(s.number, v.number), text = s.text, gateway = COALESCE(s.gateway, v.gateway),
      segments = COALESCE(s.segments, v.segments), detail = s.detail, sent_utc = CASE WHEN s.state = 'skipped' THEN NULL ELSE v.sent_utc END,
      changed_utc = @now
    FROM tgn.invitation v JOIN @sent s ON s.invitation_no = v.invitation_no
    WHERE v.state = 'sending' AND v.bot_id = @bot_id AND v.run_no = @run_no AND s.state IN ('refused', 'in_doubt', 'skipped');
  -- A doubt may still be proved to have been accepted.
  UPDATE v SET state = 'accepted', reason = s.reason, number = s.number, text = s.text, gateway = s.gateway, gateway_id = s.gateway_id,
    segments = s.segments, cost = COALESCE(s.cost, v.cost), detail = s.detail, changed_utc = @now,
    awaits = CASE WHEN s.gateway_id IS NULL THEN 0 ELSE 1 END
  FROM tgn.invitation v JOIN @sent s ON s.invitation_no = v.invitation_no
  WHERE v.state IN ('sending', 'in_doubt') AND (@held = 1 OR v.state = 'in_doubt') AND v.resolved IS NULL AND v.bot_id = @bot_id AND v.run_no = @run_no AND s.state = 'accepted';
  -- Surely not sent.
  IF @held = 1
    UPDATE v SET state = 'planned', run_no = NULL, claim_id = NULL, sent_utc = NULL, tries = v.tries + s.tried, segments = s.segments,
      not_before_utc = s.not_before_utc, detail = COALESCE(s.detail, v.detail), changed_utc = @now
    FROM tgn.invitation v JOIN @sent s ON s.invitation_no = v.invitation_no
    WHERE v.state = 'sending' AND v.bot_id = @bot_id AND v.run_no = @run_no AND s.state = 'planned';
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/recover.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Judges what dead runs left. A free lock doesn't prove its holder dead: a connection that was cut leaves a process that may still be sending.
-- So a row is an orphan only when its run's last sign is longer ago than a lease (10 s), a whole call (@request_timeout_ms) and 5 s of grace.
-- Parameters: @bot_id, @run_no; @in_doubt repeat | ask | giveUp; @repeat_after_ms; @request_timeout_ms. Result: orphaned and
-- orphaned_invitations; judged_at, when the last of the rows that are still sending can be judged, or null; to_repeat. All zero without the lock.
-- Locks: the bot's open deliveries and invitations that change.
DROP PROCEDURE IF EXISTS tgn.recover;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.recover
  @bot_id bigint,
  @run_no int,
  @in_doubt varchar(10),
  @repeat_after_ms bigint,
  @request_timeout_ms int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime, @proof datetime2(3), @orphaned int, @judged_at datetime2(3), @to_repeat int;
  DECLARE @orphaned_invitations int;
  SELECT @orphaned = 0, @orphaned_invitations = 0, @to_repeat = 0;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 1
  BEGIN
    SET @proof = DATEADD(ms, -(15000 + @request_timeout_ms), @now);
    -- By the runs' numbers, here and below: a walk through them would wait for another bot's, which is at work.
    UPDATE a SET finished_utc = @now, outcome = 'in_doubt', code = 'orphan'
    FROM tgn.attempt a JOIN tgn.run r ON r.run_no = a.run_no
    WHERE a.finished_utc IS NULL AND a.bot_id = @bot_id AND a.run_no <> @run_no
      AND a.started_utc <= @proof AND COALESCE(r.finished_utc, r.heartbeat_utc) <= @proof
      OPTION (LOOP JOIN, FORCE ORDER, MAXDOP 1);
    UPDATE d SET state = 'in_doubt', reason = 'orphan', tries = d.tries + 1, changed_utc = @now
    FROM tgn.delivery d JOIN tgn.run r ON r.run_no = d.run_no
    WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no <> @run_no
      AND d.changed_utc <= @proof AND COALESCE(r.finished_utc, r.heartbeat_utc) <= @proof
      OPTION (LOOP JOIN, FORCE ORDER, MAXDOP 1);
    SET @orphaned = @@ROWCOUNT;
    -- It counts as sent, and no policy ever repeats an SMS.
    UPDATE v SET state = 'in_doubt', reason = 'orphan', changed_utc = @now
    FROM tgn.invitation v JOIN tgn.run r ON r.run_no = v.run_no
    WHERE v.state = 'sending' AND v.bot_id = @bot_id AND v.run_no <> @run_no
      AND v.changed_utc <= @proof AND COALESCE(r.finished_utc, r.heartbeat_utc) <= @proof
      OPTION (LOOP JOIN, FORCE ORDER, MAXDOP 1);
    SET @orphaned_invitations = @@ROWCOUNT;
    SELECT @judged_at = DATEADD(ms, 15000 + @request_timeout_ms,
      MAX(CASE WHEN s.changed_utc > COALESCE(r.finished_utc, r.heartbeat_utc) THEN s.changed_utc ELSE COALESCE(r.finished_utc, r.heartbeat_utc) END))
    FROM (
      SELECT d.run_no, d.changed_utc FROM tgn.delivery d WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no <> @run_no
      UNION ALL
      SELECT v.run_no, v.changed_utc FROM tgn.invitation v WHERE v.state = 'sending' AND v.bot_id = @bot_id AND v.run_no <> @run_no
    ) s JOIN tgn.run r ON r.run_no = s.run_no
    OPTION (LOOP JOIN, FORCE ORDER, MAXDOP 1);
    -- Told once more at most: a second doubt stays for a person. The attempt's number stays, so that a digest is told again as it was.
    IF @in_doubt = 'repeat'
    BEGIN
      UPDATE tgn.delivery SET state = 'planned', reason = NULL, repeat = 1, run_no = NULL, not_before_utc = NULL, changed_utc = @now
      WHERE state = 'in_doubt' AND bot_id = @bot_id AND repeat = 0 AND resolved IS NULL
        AND changed_utc <= DATEADD(ms, -CAST(@repeat_after_ms % 1000 AS int), DATEADD(s, -CAST(@repeat_after_ms / 1000 AS int), @now));
      SET @to_repeat = @@ROWCOUNT;
    END;
    IF @in_doubt = 'giveUp'
      UPDATE tgn.delivery SET state = 'refused', reason = 'given_up', changed_utc = @now
      WHERE state = 'in_doubt' AND bot_id = @bot_id AND resolved IS NULL;
  END;
  COMMIT TRANSACTION;
  SELECT @orphaned AS orphaned, @orphaned_invitations AS orphaned_invitations, @judged_at AS judged_at, @to_repeat AS to_repeat;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/release_run.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Lets go of the run's locks without ending the run: the next run sees it as dead. Parameter: @bot_id. No result.
-- Locks: releases tgn:...:bot:... and tgn:...:schema where this session holds them.
DROP PROCEDURE IF EXISTS tgn.release_run;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.release_run
  @bot_id bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @lock nvarchar(255);
  SET @lock = N'tgn:' + DB_NAME() + N':bot:' + CAST(@bot_id AS nvarchar(20));
  IF APPLOCK_MODE('public', @lock, 'Session') = 'Exclusive' EXEC sp_releaseapplock @Resource = @lock, @LockOwner = 'Session';
  SET @lock = N'tgn:' + DB_NAME() + N':schema';
  IF APPLOCK_MODE('public', @lock, 'Session') = 'Shared' EXEC sp_releaseapplock @Resource = @lock, @LockOwner = 'Session';
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_customer.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Everything the ledger knows of one customer, newest operation first. Parameters: @customer_id, @rows, how many at most (200), @bot_id (null: all
-- bots). Result: the subscriptions (bot_id, state, origin, epoch, changed by the server's wall clock); then the deliveries: bot_id, operation_id,
-- operation_date, sum, state, reason, tries, repeat, sent and finished by the server's wall clock, outcome, code, detail, resolved.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.customer;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.customer
  @customer_id uniqueidentifier,
  @rows int = 200,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int;
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now) FROM tgn.clock;

  SELECT s.bot_id, s.state, s.origin, s.epoch, DATEADD(minute, @offset, s.changed_utc) AS changed FROM tgn.subscription s
  WHERE s.customer_id = @customer_id AND (@bot_id IS NULL OR s.bot_id = @bot_id) ORDER BY s.bot_id;
  -- Into a table first: whoever reads slowly must not keep a row of Tillypad's locked.
  SELECT TOP (@rows) d.delivery_no, d.bot_id, d.operation_id, d.operation_date, o.sum, d.state, d.reason, d.tries, d.repeat,
    DATEADD(minute, @offset, a.started_utc) AS sent, DATEADD(minute, @offset, a.finished_utc) AS finished, a.outcome, a.code, a.detail, d.resolved
  INTO #shown
  FROM tgn.bot b
  JOIN tgn.delivery d ON d.bot_id = b.bot_id
  LEFT JOIN tgn.operation o ON o.operation_id = d.operation_id
  LEFT JOIN tgn.attempt a ON a.attempt_no = d.attempt_no
  WHERE d.customer_id = @customer_id AND (@bot_id IS NULL OR d.bot_id = @bot_id)
  ORDER BY d.operation_date DESC, d.delivery_no DESC
  OPTION (MAXDOP 1);
  SELECT bot_id, operation_id, operation_date, sum, state, reason, tries, repeat, sent, finished, outcome, code, detail, resolved
  FROM #shown ORDER BY operation_date DESC, delivery_no DESC;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_days.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What became of the operations of each day. Parameters: @from and @until, dates of operations, the second left out (the last 30 days), @bot_id (null:
-- all bots). Result: bot_id, day, operations, delivered, refused, in_doubt, waiting (planned or sending), not_subscribed, suspended, opted_out,
-- too_old, late, marked, removed. An operation outside all tasks' filters is in no column.
-- Locks: none that outlast a row's reading. The ledger's table of deliveries is read once.
DROP PROCEDURE IF EXISTS tgn_report.days;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.days
  @from datetime = NULL,
  @until datetime = NULL,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT @from = COALESCE(@from, DATEADD(day, -30, wall_now)), @until = COALESCE(@until, '99991231 23:59:59.997') FROM tgn.clock;
  SELECT d.bot_id, d.day, COUNT(*) AS operations,
    COUNT(CASE WHEN d.state = 'delivered' THEN 1 END) AS delivered, COUNT(CASE WHEN d.state = 'refused' THEN 1 END) AS refused,
    COUNT(CASE WHEN d.state = 'in_doubt' THEN 1 END) AS in_doubt, COUNT(CASE WHEN d.state IN ('planned', 'sending') THEN 1 END) AS waiting,
    COUNT(CASE WHEN d.reason = 'not_subscribed' THEN 1 END) AS not_subscribed, COUNT(CASE WHEN d.reason = 'suspended' THEN 1 END) AS suspended,
    COUNT(CASE WHEN d.reason = 'opted_out' THEN 1 END) AS opted_out, COUNT(CASE WHEN d.reason = 'too_old' THEN 1 END) AS too_old,
    COUNT(CASE WHEN d.reason = 'late' THEN 1 END) AS late, COUNT(CASE WHEN d.reason = 'marked' THEN 1 END) AS marked,
    COUNT(CASE WHEN d.reason = 'removed' THEN 1 END) AS removed
  FROM (
    SELECT bot_id, CAST(operation_date AS date) AS day, state, reason FROM tgn.delivery
    WHERE operation_date >= @from AND operation_date < @until AND (@bot_id IS NULL OR bot_id = @bot_id)
  ) d
  GROUP BY d.bot_id, d.day
  ORDER BY d.bot_id, d.day DESC
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_failed_notes.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Notes that couldn't be written: the subscription stands in the ledger all the same, Tillypad's card doesn't show it yet. Parameters: @rows (100),
-- @bot_id (null: all bots). Result, the most often tried first: bot_id, customer_id, wanted (the chat that the note is to hold, null: it is to be
-- empty), noted (what it holds as far as we know), failures, failure.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.failed_notes;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.failed_notes
  @rows int = 100,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT TOP (@rows) bot_id, customer_id, wanted, noted, failures, failure
  FROM tgn.note_mirror
  WHERE pending = 1 AND failures > 0 AND (@bot_id IS NULL OR bot_id = @bot_id)
  ORDER BY failures DESC, bot_id, customer_id
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_invitations.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What became of the SMS invitations, and what they cost. Parameters: @days back from now (30), @bot_id (null: all bots). Result: a row a day, state and
-- reason: bot_id, day by the server's wall clock, on which it was sent or, where it wasn't, weighed; state (planned, sending, accepted, refused,
-- in_doubt, skipped), reason, n, segments, roubles (of those whose price is known, null where none is), delivered and undelivered, as the operator
-- said later.
-- Locks: none that outlast a row's reading. The table of invitations is read once.
DROP PROCEDURE IF EXISTS tgn_report.invitations;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.invitations
  @days int = 30,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int, @from datetime2(3);
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now), @from = DATEADD(day, -@days, now_utc) FROM tgn.clock;

  SELECT v.bot_id, v.day, v.state, v.reason, COUNT(*) AS n, COALESCE(SUM(v.segments), 0) AS segments, SUM(v.roubles) AS roubles,
    COUNT(CASE WHEN v.status = 'delivered' THEN 1 END) AS delivered, COUNT(CASE WHEN v.status = 'undelivered' THEN 1 END) AS undelivered
  FROM (
    SELECT bot_id, CAST(DATEADD(minute, @offset, COALESCE(sent_utc, planned_utc)) AS date) AS day, state, reason, segments, status,
      -- The operator's own text: only what is surely a number is added up.
      CASE WHEN cost LIKE '[0-9]%' AND cost NOT LIKE '%[^0-9.]%' AND cost NOT LIKE '%.%.%' AND LEN(cost) <= 14 THEN CAST(cost AS decimal(18, 4)) END AS roubles
    FROM tgn.invitation
    WHERE COALESCE(sent_utc, planned_utc) >= @from AND (@bot_id IS NULL OR bot_id = @bot_id)
  ) v
  GROUP BY v.bot_id, v.day, v.state, v.reason
  ORDER BY v.bot_id, v.day DESC, v.state, v.reason
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_last_success.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The last successful run of each task's bot, and where the task stands: what has been planned up to when. Parameter: @bot_id (null: all bots).
-- Result, a row a task: bot_id, task_id, run_no, started_utc, finished_utc, started and finished by the server's wall clock, host, exit_code,
-- hours_ago; watermark (operations before it are all planned), first_look_done, deep_look_at, brake_held_at; failed_since, how many runs have failed
-- since, and last_exit_code, of the newest run that ended (null: it died). The columns of the run are null where none was successful.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.last_success;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.last_success
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int;
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now) FROM tgn.clock;

  SELECT t.bot_id, t.task_id, r.run_no, r.started_utc, r.finished_utc, DATEADD(minute, @offset, r.started_utc) AS started,
    DATEADD(minute, @offset, r.finished_utc) AS finished, r.host, r.exit_code, DATEDIFF(minute, r.finished_utc, c.now_utc) / 60.0 AS hours_ago,
    t.watermark, t.first_look_done, t.deep_look_at, t.brake_held_at,
    (SELECT COUNT(*) FROM tgn.run f WHERE f.bot_id = t.bot_id AND f.finished_utc IS NOT NULL AND f.run_no > COALESCE(g.run_no, 0)) AS failed_since,
    (SELECT TOP (1) f.exit_code FROM tgn.run f WHERE f.bot_id = t.bot_id AND f.finished_utc IS NOT NULL ORDER BY f.run_no DESC) AS last_exit_code
  FROM tgn.task t
  CROSS JOIN tgn.clock c
  LEFT JOIN (SELECT bot_id, MAX(run_no) AS run_no FROM tgn.run WHERE exit_code = 0 GROUP BY bot_id) g ON g.bot_id = t.bot_id
  LEFT JOIN tgn.run r ON r.run_no = g.run_no
  WHERE @bot_id IS NULL OR t.bot_id = @bot_id
  ORDER BY t.bot_id, t.task_id;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_not_told.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Operations that nobody was told of, newest first, with the reason. Parameters: @from and @until, dates of operations, the second left out (the last 7
-- days), @reason (null: all; otherwise a skip reason, a refusal's or a doubt's code), @rows, how many at most (1,000), @bot_id (null: all bots). Result:
-- bot_id, operation_id, operation_date, sum, account_type, customer_id, customer, state, reason, detail, what Telegram or the network said, resolved.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.not_told;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.not_told
  @from datetime = NULL,
  @until datetime = NULL,
  @reason varchar(20) = NULL,
  @rows int = 1000,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT @from = COALESCE(@from, DATEADD(day, -7, wall_now)), @until = COALESCE(@until, '99991231 23:59:59.997') FROM tgn.clock;
  SELECT TOP (@rows) d.delivery_no, d.bot_id, d.operation_id, d.operation_date, d.customer_id, d.state, d.reason, d.attempt_no, d.resolved
  INTO #row
  FROM tgn.delivery d
  WHERE d.state IN ('skipped', 'refused', 'in_doubt') AND d.operation_date >= @from AND d.operation_date < @until
    AND (@reason IS NULL OR d.reason = @reason) AND (@bot_id IS NULL OR d.bot_id = @bot_id)
  ORDER BY d.operation_date DESC, d.delivery_no DESC
  OPTION (MAXDOP 1);
  -- Into a table first: whoever reads slowly must not keep a row of Tillypad's locked.
  SELECT r.delivery_no, r.bot_id, r.operation_id, r.operation_date, o.sum, y.name AS account_type, r.customer_id, c.name AS customer, r.state, r.reason,
    a.detail, r.resolved
  INTO #shown
  FROM #row r
  LEFT JOIN tgn.operation o ON o.operation_id = r.operation_id
  LEFT JOIN tgn.account_type y ON y.account_type_id = o.account_type_id
  LEFT JOIN tgn.customer c ON c.customer_id = r.customer_id
  LEFT JOIN tgn.attempt a ON a.attempt_no = r.attempt_no
  OPTION (MAXDOP 1);
  SELECT bot_id, operation_id, operation_date, sum, account_type, customer_id, customer, state, reason, detail, resolved
  FROM #shown ORDER BY operation_date DESC, delivery_no DESC;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_refused_links.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Links that were refused, newest first. Parameters: @days (30), @rows, how many at most (1,000), @bot_id (null: all bots). Result: bot_id, at by the
-- server's wall clock, reason, chat_id, customer_id and customer, whom the link named, proven or not.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.refused_links;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.refused_links
  @days int = 30,
  @rows int = 1000,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int;
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now) FROM tgn.clock;

  -- Into a table first: whoever reads slowly must not keep a row of Tillypad's locked.
  SELECT TOP (@rows) l.refused_no, l.bot_id, DATEADD(minute, @offset, l.at_utc) AS at, l.reason, l.chat_id, l.customer_id, c.name AS customer
  INTO #shown
  FROM tgn.refused_link l CROSS JOIN tgn.clock k LEFT JOIN tgn.customer c ON c.customer_id = l.customer_id
  WHERE l.at_utc >= DATEADD(day, -@days, k.now_utc) AND (@bot_id IS NULL OR l.bot_id = @bot_id)
  ORDER BY l.refused_no DESC;
  SELECT bot_id, at, reason, chat_id, customer_id, customer FROM #shown ORDER BY refused_no DESC;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_runs.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The runs of the last @days days (7), newest first. Parameters: @days, @bot_id (null: all bots). Result: run_no, bot_id, started and finished by
-- the server's wall clock, seconds, host, pid, started_by, exit_code (null with an end: it died, and the end is its last sign), deliveries, how
-- many were sent and delivered by it, summary.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.runs;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.runs
  @days int = 7,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int;
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now) FROM tgn.clock;

  SELECT r.run_no, r.bot_id, DATEADD(minute, @offset, r.started_utc) AS started, DATEADD(minute, @offset, r.finished_utc) AS finished,
    DATEDIFF(second, r.started_utc, COALESCE(r.finished_utc, r.heartbeat_utc)) AS seconds, r.host, r.pid, r.started_by, r.exit_code,
    COALESCE(a.deliveries, 0) AS deliveries, r.summary
  FROM tgn.run r
  CROSS JOIN tgn.clock c
  LEFT JOIN (
    SELECT t.run_no, COUNT(*) AS deliveries FROM tgn.attempt t CROSS JOIN tgn.clock k
    WHERE t.outcome = 'delivered' AND t.started_utc >= DATEADD(day, -@days, k.now_utc) GROUP BY t.run_no
  ) a ON a.run_no = r.run_no
  WHERE r.started_utc >= DATEADD(day, -@days, c.now_utc) AND (@bot_id IS NULL OR r.bot_id = @bot_id)
  ORDER BY r.run_no DESC
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_subscriptions.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- How many customers are subscribed. Parameter: @bot_id (null: all bots). Result: bot_id, state (active, suspended: the bot is blocked, stopped: the
-- guest said so, cleared: staff emptied the note), origin (link, legacy: the former solution's link, note), n, last_changed by the server's wall clock.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.subscriptions;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.subscriptions
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int;
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now) FROM tgn.clock;

  SELECT bot_id, state, origin, COUNT(*) AS n, DATEADD(minute, @offset, MAX(changed_utc)) AS last_changed FROM tgn.subscription
  WHERE @bot_id IS NULL OR bot_id = @bot_id GROUP BY bot_id, state, origin ORDER BY bot_id, state, origin;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/report_waiting.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What is open: planned, being sent, in doubt. Parameter: @bot_id (null: all bots). Result: bot_id, state, n, customers, oldest_operation, the date of
-- the oldest among them, longest, hours since the longest waiting one came into this state, next_try, by the server's wall clock, where rows wait for
-- their next try.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.waiting;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_report.waiting
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int;
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now) FROM tgn.clock;

  SELECT d.bot_id, d.state, COUNT(*) AS n, COUNT(DISTINCT d.customer_id) AS customers, MIN(d.operation_date) AS oldest_operation,
    MAX(DATEDIFF(minute, d.changed_utc, c.now_utc)) / 60.0 AS longest,
    DATEADD(minute, @offset, MIN(CASE WHEN d.not_before_utc > c.now_utc THEN d.not_before_utc END)) AS next_try
  FROM tgn.delivery d CROSS JOIN tgn.clock c
  WHERE d.state IN ('planned', 'sending', 'in_doubt') AND (@bot_id IS NULL OR d.bot_id = @bot_id)
  GROUP BY d.bot_id, d.state
  ORDER BY d.bot_id, d.state
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/resolve.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Turns deliveries in doubt into delivered, refused or planned again, as a person says. What was written before stays readable: a row may come
-- into doubt twice. Parameters: the bot; @rows, or @all; @state delivered | refused | planned; @code, of a refusal; @resolved, who and why.
-- Result: n, how many were in doubt. Locks: these rows.
DROP PROCEDURE IF EXISTS tgn_admin.resolve;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.resolve
  @bot_id bigint,
  @rows tgn.number_list_1 READONLY,
  @all bit,
  @state varchar(10),
  @code varchar(20),
  @resolved nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @n int;
  CREATE TABLE #row (no bigint NOT NULL PRIMARY KEY);
  INSERT INTO #row (no) SELECT no FROM @rows;
  SELECT @now = now_utc FROM tgn.clock;
  UPDATE tgn.delivery SET state = @state, reason = @code, repeat = CASE WHEN @state = 'planned' THEN 1 ELSE repeat END, not_before_utc = NULL,
    run_no = CASE WHEN @state = 'planned' THEN NULL ELSE run_no END, changed_utc = @now,
    resolved = LEFT(CASE WHEN resolved IS NULL THEN N'' ELSE resolved + N' | ' END + @resolved, 400)
  WHERE state = 'in_doubt' AND bot_id = @bot_id AND (@all = 1 OR delivery_no IN (SELECT no FROM #row))
    AND @state IN ('delivered', 'refused', 'planned');
  SET @n = @@ROWCOUNT;
  EXEC tgn.flush_log;
  SELECT @n AS n;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/resolve_invitations.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Writes down what a person knows of SMS in doubt: that they went out, or never did. None is ever sent again; one that never went out counts neither in
-- the caps nor as an invitation. Parameters: the bot; @rows, or @all; @state accepted | refused; @resolved, who and why. Result: n, how many were in
-- doubt. Locks: these rows.
DROP PROCEDURE IF EXISTS tgn_admin.resolve_invitations;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.resolve_invitations
  @bot_id bigint,
  @rows tgn.number_list_1 READONLY,
  @all bit,
  @state varchar(10),
  @resolved nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @n int;
  CREATE TABLE #row (no bigint NOT NULL PRIMARY KEY);
  INSERT INTO #row (no) SELECT no FROM @rows;
  SELECT @now = now_utc FROM tgn.clock;
  UPDATE tgn.invitation SET state = @state, reason = 'by_hand', changed_utc = @now,
    resolved = LEFT(CASE WHEN resolved IS NULL THEN N'' ELSE resolved + N' | ' END + @resolved, 400)
  WHERE state = 'in_doubt' AND bot_id = @bot_id AND (@all = 1 OR invitation_no IN (SELECT no FROM #row)) AND @state IN ('accepted', 'refused');
  SET @n = @@ROWCOUNT;
  EXEC tgn.flush_log;
  SELECT @n AS n;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/retry.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Puts refused deliveries with one of the codes back to be told, as if found now: surely not sent, so no mark; what is told once more stays together.
-- Parameters: the bot; @rows, or @all; @codes; @resolved, who and why. Result: n, how many. Locks: 2,000 rows at most a transaction.
DROP PROCEDURE IF EXISTS tgn_admin.retry;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.retry
  @bot_id bigint,
  @rows tgn.number_list_1 READONLY,
  @all bit,
  @codes tgn.text_list_1 READONLY,
  @resolved nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @n int, @from int, @last int;
  CREATE TABLE #code (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  CREATE TABLE #asked (no bigint NOT NULL PRIMARY KEY);
  CREATE TABLE #row (seq int IDENTITY (1, 1) NOT NULL PRIMARY KEY, delivery_no bigint NOT NULL);
  INSERT INTO #code (item) SELECT item FROM @codes;
  INSERT INTO #asked (no) SELECT no FROM @rows;
  SELECT @now = now_utc FROM tgn.clock;
  IF @all = 1
    INSERT INTO #row (delivery_no)
    SELECT d.delivery_no FROM tgn.delivery d
    WHERE d.state = 'refused' AND d.bot_id = @bot_id AND d.reason IN (SELECT item FROM #code) ORDER BY d.delivery_no
    OPTION (MAXDOP 1);
  ELSE INSERT INTO #row (delivery_no) SELECT no FROM #asked;

  SELECT @n = 0, @from = 0, @last = COALESCE(MAX(seq), 0) FROM #row;
  WHILE @from < @last
  BEGIN
    UPDATE d SET state = 'planned', reason = NULL, run_no = NULL, attempt_no = CASE WHEN d.repeat = 1 THEN d.attempt_no END, not_before_utc = NULL,
      planned_utc = @now, changed_utc = @now,
      resolved = LEFT(CASE WHEN d.resolved IS NULL THEN N'' ELSE d.resolved + N' | ' END + @resolved, 400)
    FROM tgn.delivery d JOIN #row r ON r.delivery_no = d.delivery_no
    WHERE r.seq > @from AND r.seq <= @from + 2000
      AND d.state = 'refused' AND d.bot_id = @bot_id AND d.reason IN (SELECT item FROM #code);
    SET @n = @n + @@ROWCOUNT;
    SET @from = @from + 2000;
  END;
  EXEC tgn.flush_log;
  SELECT @n AS n;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/save_invitations.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Keeps what was decided of customers, and weighs the operations that asked, up to the one named; later ones ask anew. Parameters: @bot_id, @run_no,
-- @weighed. One that waits already is enough for a customer: then nothing is added. Result: answer saved | lock_lost. Locks: the rows written.
DROP PROCEDURE IF EXISTS tgn.save_invitations;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.save_invitations
  @bot_id bigint,
  @run_no int,
  @weighed tgn.weighed_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  CREATE TABLE #weighed (
    seq int NOT NULL PRIMARY KEY, task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL, task_no int NULL, customer_id uniqueidentifier NOT NULL,
    operation_id uniqueidentifier NOT NULL, date datetime NULL, state varchar(10) COLLATE Latin1_General_BIN2 NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NULL, number varchar(20) COLLATE Latin1_General_BIN2 NULL, segments int NULL,
    cost varchar(30) COLLATE Latin1_General_BIN2 NULL, gateway varchar(20) COLLATE Latin1_General_BIN2 NULL, not_before_utc datetime2(3) NULL
  );
  INSERT INTO #weighed (seq, task_id, task_no, customer_id, operation_id, date, state, reason, number, segments, cost, gateway, not_before_utc)
  SELECT w.seq, w.task_id, t.task_no, w.customer_id, w.operation_id, d.operation_date, w.state, w.reason, w.number, w.segments, w.cost, w.gateway,
    w.not_before_utc
  FROM @weighed w
  LEFT JOIN tgn.task t ON t.bot_id = @bot_id AND t.task_id = w.task_id
  LEFT JOIN tgn.delivery d ON d.bot_id = @bot_id AND d.operation_id = w.operation_id
  OPTION (LOOP JOIN, MAXDOP 1);

  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  INSERT INTO tgn.invitation (bot_id, task_id, customer_id, operation_id, operation_date, state, reason, number, segments, cost, gateway,
    not_before_utc, planned_utc, changed_utc)
  SELECT @bot_id, w.task_id, w.customer_id, w.operation_id, w.date, w.state, w.reason, w.number, w.segments, w.cost, w.gateway, w.not_before_utc,
    @now, @now
  FROM #weighed w
  WHERE w.state IS NOT NULL AND w.date IS NOT NULL
    AND (w.state <> 'planned' OR (
      NOT EXISTS (SELECT 1 FROM tgn.invitation v WHERE v.state IN ('planned', 'sending') AND v.bot_id = @bot_id AND v.customer_id = w.customer_id)
      AND NOT EXISTS (SELECT 1 FROM #weighed f WHERE f.seq < w.seq AND f.state = 'planned' AND f.date IS NOT NULL AND f.customer_id = w.customer_id)
    ))
  ORDER BY w.seq
  OPTION (MAXDOP 1);
  UPDATE d SET asks = 0
  FROM tgn.delivery d JOIN #weighed w ON w.customer_id = d.customer_id AND w.task_no = d.task_no
  WHERE d.asks = 1 AND d.bot_id = @bot_id AND (w.date IS NULL OR d.operation_date <= w.date)
  OPTION (MAXDOP 1);
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/save_key.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Remembers the fingerprint of the current link key. Parameter: @key_fingerprint. No result. Locks: the place's row.
DROP PROCEDURE IF EXISTS tgn_admin.save_key;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.save_key
  @key_fingerprint varchar(100)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE tgn.place SET key_fingerprint = @key_fingerprint;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/save_notes.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Remembers the notes that were judged, with the subscriptions they lead to. Parameters: @bot_id, @run_no, @notes.
-- Result: answer saved | lock_lost. Locks: the rows written.
DROP PROCEDURE IF EXISTS tgn.save_notes;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.save_notes
  @bot_id bigint,
  @run_no int,
  @notes tgn.note_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #notes (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, noted nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NULL, state varchar(10) COLLATE Latin1_General_BIN2 NULL,
    origin varchar(10) COLLATE Latin1_General_BIN2 NULL, epoch int NULL
  );
  INSERT INTO #notes (customer_id, noted, chat_id, state, origin, epoch) SELECT customer_id, noted, chat_id, state, origin, epoch FROM @notes;
  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE m SET noted = n.noted FROM tgn.note_mirror m JOIN #notes n ON n.customer_id = m.customer_id WHERE m.bot_id = @bot_id;
  INSERT INTO tgn.note_mirror (bot_id, customer_id, noted)
  SELECT @bot_id, n.customer_id, n.noted FROM #notes n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.note_mirror m WHERE m.bot_id = @bot_id AND m.customer_id = n.customer_id);
  UPDATE s SET chat_id = n.chat_id, state = n.state, origin = n.origin, epoch = n.epoch, changed_utc = @now
  FROM tgn.subscription s JOIN #notes n ON n.customer_id = s.customer_id
  WHERE s.bot_id = @bot_id AND n.state IS NOT NULL;
  INSERT INTO tgn.subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc)
  SELECT @bot_id, n.customer_id, n.chat_id, n.state, n.origin, n.epoch, @now FROM #notes n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.subscription s WHERE s.bot_id = @bot_id AND s.customer_id = n.customer_id) AND n.state IS NOT NULL;
  DECLARE @changed tgn.id_list_1;
  INSERT INTO @changed (id) SELECT customer_id FROM #notes;
  EXEC tgn.want_notes @bot_id, @changed;
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;
  SELECT 'saved' AS answer;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/save_poll.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Stamps a poll, so that no other run polls within the anti-spin time. Parameters: @bot_id, @run_no. Result: answer saved | lock_lost.
-- Locks: the bot's row.
DROP PROCEDURE IF EXISTS tgn.save_poll;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.save_poll
  @bot_id bigint,
  @run_no int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE tgn.bot SET polled_utc = @now WHERE bot_id = @bot_id;
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/save_statuses.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Keeps what the operator says of invitations it accepted. Parameters: @bot_id, @run_no, @statuses. Result: answer saved | lock_lost. Locks: the rows
-- written.
DROP PROCEDURE IF EXISTS tgn.save_statuses;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.save_statuses
  @bot_id bigint,
  @run_no int,
  @statuses tgn.status_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE v SET status = s.status, status_code = s.code, status_utc = @now, cost = COALESCE(s.cost, v.cost),
    awaits = CASE WHEN s.status IN ('pending', 'unknown') THEN 1 ELSE 0 END
  FROM tgn.invitation v JOIN @statuses s ON s.invitation_no = v.invitation_no
  WHERE v.bot_id = @bot_id AND v.state = 'accepted' AND v.gateway_id = s.gateway_id;
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/save_task_messages.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Keeps what the logs of Tillypad's tasks are to say. Parameters: @messages, causes that were met just now; @complete, tasks of which all was
-- looked at ('*' = what concerns all): their other causes are over. No result. Locks: tgn:...:messages and the messages' rows until it
-- ends; the bot's lock isn't needed.
DROP PROCEDURE IF EXISTS tgn.save_task_messages;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.save_task_messages
  @messages tgn.message_list_1 READONLY,
  @complete tgn.text_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @lock nvarchar(255), @got int;
  DECLARE @met tgn.message_list_1;
  DECLARE @looked tgn.text_list_1;
  INSERT INTO @met (task_id, cause, text, patience_ms) SELECT task_id, cause, text, patience_ms FROM @messages;
  INSERT INTO @looked (item) SELECT item FROM @complete;
  SELECT @now = now_utc FROM tgn.clock;

  BEGIN TRANSACTION;
  -- Two runs of two bots may meet the same cause at once: the second waits here. Who doesn't get it goes on: a line told twice is the worst of it.
  SET @lock = N'tgn:' + DB_NAME() + N':messages';
  EXEC @got = sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 2000;

  -- What was over for less than an hour is the same trouble. With patience it begins anew, or two short ones would look like a long one.
  UPDATE m SET ended_utc = NULL
  FROM tgn.task_message m JOIN @met n ON n.task_id = m.task_id AND n.cause = m.cause
  WHERE m.patience_ms = 0 AND m.ended_utc > DATEADD(hour, -1, @now)
    AND m.message_no = (SELECT MAX(o.message_no) FROM tgn.task_message o WHERE o.task_id = n.task_id AND o.cause = n.cause);

  UPDATE m SET last_utc = @now, text = n.text
  FROM tgn.task_message m JOIN @met n ON n.task_id = m.task_id AND n.cause = m.cause
  WHERE m.ended_utc IS NULL;

  INSERT INTO tgn.task_message (task_id, cause, text, patience_ms, first_utc, last_utc)
  SELECT n.task_id, n.cause, n.text, n.patience_ms, @now, @now FROM @met n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.task_message m WHERE m.task_id = n.task_id AND m.cause = n.cause AND m.ended_utc IS NULL);

  UPDATE tgn.task_message SET ended_utc = @now
  WHERE ended_utc IS NULL AND task_id IN (SELECT item FROM @looked)
    AND NOT EXISTS (SELECT 1 FROM @met n WHERE n.task_id = task_message.task_id AND n.cause = task_message.cause);

  DELETE FROM tgn.task_message WHERE ended_utc < DATEADD(day, -90, @now);
  IF @@ROWCOUNT > 0 DELETE FROM tgn.task_told WHERE message_no NOT IN (SELECT message_no FROM tgn.task_message);
  COMMIT TRANSACTION;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/save_updates.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- One judged page of updates, in one transaction of our own tables with the offset, so that what Telegram may forget is durable here.
-- Parameters: @bot_id, @run_no, @offset, stored as received: Telegram's numbers may start anew; @subscriptions, @chats, @refused.
-- Result: answer saved | lock_lost. Locks: the rows written.
DROP PROCEDURE IF EXISTS tgn.save_updates;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.save_updates
  @bot_id bigint,
  @run_no int,
  @offset bigint,
  @subscriptions tgn.subscription_list_1 READONLY,
  @chats tgn.chat_list_1 READONLY,
  @refused tgn.refused_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #subscriptions (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL, origin varchar(10) COLLATE Latin1_General_BIN2 NOT NULL, epoch int NOT NULL
  );
  INSERT INTO #subscriptions (customer_id, chat_id, state, origin, epoch) SELECT customer_id, chat_id, state, origin, epoch FROM @subscriptions;
  CREATE TABLE #chats (
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY, language varchar(5) COLLATE Latin1_General_BIN2 NULL
  );
  INSERT INTO #chats (chat_id, language) SELECT chat_id, language FROM @chats;
  CREATE TABLE #refused (
    update_id bigint NOT NULL PRIMARY KEY, chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, customer_id uniqueidentifier NULL
  );
  INSERT INTO #refused (update_id, chat_id, reason, customer_id) SELECT update_id, chat_id, reason, customer_id FROM @refused;
  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE tgn.bot SET offset = @offset WHERE bot_id = @bot_id;
  UPDATE c SET language = n.language FROM tgn.chat c JOIN #chats n ON n.chat_id = c.chat_id WHERE c.bot_id = @bot_id;
  INSERT INTO tgn.chat (bot_id, chat_id, language)
  SELECT @bot_id, n.chat_id, n.language FROM #chats n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.chat c WHERE c.bot_id = @bot_id AND c.chat_id = n.chat_id);
  UPDATE s SET chat_id = n.chat_id, state = n.state, origin = n.origin, epoch = n.epoch, changed_utc = @now
  FROM tgn.subscription s JOIN #subscriptions n ON n.customer_id = s.customer_id
  WHERE s.bot_id = @bot_id;
  INSERT INTO tgn.subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc)
  SELECT @bot_id, n.customer_id, n.chat_id, n.state, n.origin, n.epoch, @now FROM #subscriptions n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.subscription s WHERE s.bot_id = @bot_id AND s.customer_id = n.customer_id);
  DECLARE @changed tgn.id_list_1;
  INSERT INTO @changed (id) SELECT customer_id FROM #subscriptions;
  EXEC tgn.want_notes @bot_id, @changed;
  -- A page that Telegram hands out twice is refused once.
  INSERT INTO tgn.refused_link (bot_id, chat_id, update_id, reason, customer_id, at_utc)
  SELECT @bot_id, r.chat_id, r.update_id, r.reason, r.customer_id, @now FROM #refused r
  WHERE NOT EXISTS (SELECT 1 FROM tgn.refused_link k WHERE k.bot_id = @bot_id AND k.update_id = r.update_id)
  ORDER BY r.update_id;
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;
  SELECT 'saved' AS answer;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/save_version.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The script's last step: from now on the ledger is installed, since when stands beside. Parameter: @version, the ledger's. No result; done again it
-- changes nothing. Locks: the row written.
DROP PROCEDURE IF EXISTS tgn_admin.save_version;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.save_version
  @version int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  INSERT INTO tgn.ledger_schema (version, installed_utc)
  SELECT @version, now_utc FROM tgn.clock WHERE NOT EXISTS (SELECT 1 FROM tgn.ledger_schema WHERE version = @version);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/set_pause.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Pauses a bot until a time (9999-12-31T23:59:59: until it is resumed) or resumes it (@until null). A bot that no run has bound has no row: it
-- will start out paused, and so will every other one. Bots that are bound later stay paused where `install --paused` said so, unless this is
-- one of them. Parameters: the bot, @until. No result. Locks: the bot's row, or the place's.
DROP PROCEDURE IF EXISTS tgn_admin.set_pause;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.set_pause
  @bot_id bigint,
  @until datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  BEGIN TRANSACTION;
  UPDATE tgn.bot SET paused_until_utc = @until WHERE bot_id = @bot_id;
  IF @@ROWCOUNT = 0 UPDATE tgn.place SET paused = CASE WHEN @until IS NULL THEN 0 ELSE 1 END;
  COMMIT TRANSACTION;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/set_start_way.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Chooses how tgn_task.start starts the program. Parameter: @way, agent | xp_cmdshell | none. No result. Locks: the setting's row.
DROP PROCEDURE IF EXISTS tgn_admin.set_start_way;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn_admin.set_start_way
  @way varchar(20)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  BEGIN TRANSACTION;
  UPDATE s SET way = @way, changed_utc = c.now_utc FROM tgn.start_way s CROSS JOIN tgn.clock c;
  IF @@ROWCOUNT = 0 INSERT INTO tgn.start_way (only_row, way, changed_utc) SELECT 1, @way, now_utc FROM tgn.clock;
  COMMIT TRANSACTION;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/show_invitees.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- The invitees of #invitee with what read_persons has filled in and what the ledger knows of them. Called by the same three, as their last act.
-- Parameters: the bot, the time. Result: the invitees by their no: row_no (the invitation that is being sent, which is no part of its own past; 0
-- without one), task_id, number, invitation_segments, tries (null without one), customer_id, is_known (0: deleted for good), customer_name, group_id,
-- group_name, live, language, phones_xml, profile_phone, may_invite, noted, consented, subscription, epoch, operation_id, date, operations, sent,
-- last_at, segments, waiting (an SMS that a person knows was never sent is no invitation); then their phones of the newest generation: customer_id, phone. Those who are stuck are left out. Takes no lock of its own.
DROP PROCEDURE IF EXISTS tgn.show_invitees;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.show_invitees
  @bot_id bigint,
  @now datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @year_from datetime2(3);
  SET @year_from = DATEADD(day, -365, @now);
  DELETE i FROM #invitee i WHERE EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = i.customer_id);

  SELECT i.row_no, v.task_id, v.number, v.segments AS invitation_segments, v.tries, i.customer_id,
    CAST(CASE WHEN p.customer_id IS NULL THEN 0 ELSE 1 END AS bit) AS is_known, p.name AS customer_name, p.group_id, p.group_name, p.live, h.language,
    p.phones_xml, p.profile_phone, p.may_invite, p.noted, p.consented, s.state AS subscription, COALESCE(s.epoch, 0) AS epoch, i.operation_id,
    CONVERT(varchar(23), i.date, 121) AS date, i.operations, COALESCE(w.sent, 0) AS sent, w.last_at, COALESCE(w.segments, 0) AS segments,
    CAST(COALESCE(w.waiting, 0) AS bit) AS waiting
  FROM #invitee i
  LEFT JOIN #person p ON p.customer_id = i.customer_id
  LEFT JOIN tgn.invitation v ON v.invitation_no = i.row_no
  LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = i.customer_id
  LEFT JOIN tgn.chat h ON h.bot_id = @bot_id AND h.chat_id = s.chat_id
  LEFT JOIN (
    SELECT k.customer_id, SUM(CASE WHEN x.state IN ('sending', 'accepted', 'in_doubt') OR (x.state = 'refused' AND x.reason <> 'by_hand') THEN 1 ELSE 0 END) AS sent,
      MAX(CASE WHEN x.state IN ('sending', 'accepted', 'in_doubt') OR (x.state = 'refused' AND x.reason <> 'by_hand') THEN x.sent_utc END) AS last_at,
      SUM(CASE WHEN x.state IN ('sending', 'accepted', 'in_doubt') AND x.sent_utc > @year_from THEN x.segments ELSE 0 END) AS segments,
      MAX(CASE WHEN x.state IN ('planned', 'sending') THEN 1 ELSE 0 END) AS waiting
    FROM #invitee k JOIN tgn.invitation x ON x.bot_id = @bot_id AND x.customer_id = k.customer_id
    WHERE x.invitation_no <> k.row_no
    GROUP BY k.customer_id
  ) w ON w.customer_id = i.customer_id
  ORDER BY i.no
  OPTION (MAXDOP 1);
  SELECT h.customer_id, h.phone FROM #invitee i JOIN #phone h ON h.customer_id = i.customer_id ORDER BY i.no, h.id_text;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/sum_spent.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Segments spent on invitations since two instants; what is on its way or in doubt is spent. Called by read_spent and advance_invitations.
-- Parameters: the bot; @day_from, @month_from. Output: @day, @month. Takes no lock that outlives a row's reading.
DROP PROCEDURE IF EXISTS tgn.sum_spent;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.sum_spent
  @bot_id bigint,
  @day_from datetime2(3),
  @month_from datetime2(3),
  @day int OUTPUT,
  @month int OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @from datetime2(3);
  SET @from = CASE WHEN @day_from < @month_from THEN @day_from ELSE @month_from END;
  SELECT @day = COALESCE(SUM(CASE WHEN v.sent_utc >= @day_from THEN v.segments ELSE 0 END), 0), @month = COALESCE(SUM(v.segments), 0)
  FROM tgn.invitation v
  WHERE v.state IN ('sending', 'accepted', 'in_doubt') AND v.bot_id = @bot_id AND v.sent_utc >= @from
  OPTION (MAXDOP 1);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/tell_deliveries.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Deliveries with all their attempts. No parameters; called by read_story, list_in_doubt and list_refused, whose #story (place, delivery_no) it
-- reads. Result, two sets: the deliveries in the order of place: row_no, operation_id, customer_id, task_id, state, reason, planned_at, finished_at,
-- not_before, resolved; their attempts, the first first: row_no, attempt_no, chat_id, started_at, finished_at, outcome, code, detail, message_id,
-- repeat. What a 429 stopped was tried before, and a notice told twice has two. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.tell_deliveries;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.tell_deliveries
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT d.delivery_no AS row_no, d.operation_id, d.customer_id, COALESCE(t.task_id, '') AS task_id, d.state, d.reason, d.planned_utc AS planned_at,
    CASE WHEN d.state NOT IN ('planned', 'sending') THEN d.changed_utc END AS finished_at, d.not_before_utc AS not_before, d.resolved
  FROM #story s JOIN tgn.delivery d ON d.delivery_no = s.delivery_no LEFT JOIN tgn.task t ON t.task_no = d.task_no
  ORDER BY s.place;
  SELECT k.delivery_no AS row_no, a.attempt_no, a.chat_id, a.started_utc AS started_at, a.finished_utc AS finished_at, a.outcome, a.code, a.detail,
    a.message_id, a.repeat
  FROM (
    SELECT s.delivery_no, d.attempt_no FROM #story s JOIN tgn.delivery d ON d.delivery_no = s.delivery_no WHERE d.attempt_no IS NOT NULL
    UNION
    SELECT s.delivery_no, e.attempt_no FROM #story s JOIN tgn.earlier_attempt e ON e.delivery_no = s.delivery_no
  ) k
  JOIN tgn.attempt a ON a.attempt_no = k.attempt_no
  ORDER BY k.delivery_no, a.attempt_no;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'procedures/want_notes.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- What customers' notes should say, and whether they must be written: both follow from the subscription. Where staff have cleared the note
-- themselves, it is theirs. Called inside the transaction that changed the subscriptions. Parameters: @bot_id, @customers. No result.
-- Locks: the mirror's rows of these customers, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.want_notes;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
CREATE PROCEDURE tgn.want_notes
  @bot_id bigint,
  @customers tgn.id_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE m SET wanted = CASE WHEN s.state = 'active' THEN s.chat_id END
  FROM tgn.note_mirror m JOIN tgn.subscription s ON s.bot_id = m.bot_id AND s.customer_id = m.customer_id
  WHERE m.bot_id = @bot_id AND m.customer_id IN (SELECT id FROM @customers);
  INSERT INTO tgn.note_mirror (bot_id, customer_id, wanted)
  SELECT s.bot_id, s.customer_id, CASE WHEN s.state = 'active' THEN s.chat_id END
  FROM tgn.subscription s
  WHERE s.bot_id = @bot_id AND s.customer_id IN (SELECT id FROM @customers)
    AND NOT EXISTS (SELECT 1 FROM tgn.note_mirror m WHERE m.bot_id = s.bot_id AND m.customer_id = s.customer_id);
  -- The mark at the end: a comparison of texts leaves out blanks there.
  UPDATE m SET pending = CASE
    WHEN m.wanted IS NULL AND m.noted IS NULL THEN 0
    WHEN m.wanted + N'|' = m.noted + N'|' THEN 0
    WHEN EXISTS (SELECT 1 FROM tgn.subscription s WHERE s.bot_id = m.bot_id AND s.customer_id = m.customer_id AND s.state <> 'cleared') THEN 1
    ELSE 0 END
  FROM tgn.note_mirror m
  WHERE m.bot_id = @bot_id AND m.customer_id IN (SELECT id FROM @customers);
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'roles.sql';
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Roles hold EXECUTE on schemas and nothing else; whoever is in none of them has no right here. The procedures read Tillypad's tables by their
-- owner's right, not by their caller's.
IF DATABASE_PRINCIPAL_ID(N'tgn_runner') IS NULL CREATE ROLE tgn_runner;
IF DATABASE_PRINCIPAL_ID(N'tgn_tasks') IS NULL CREATE ROLE tgn_tasks;
IF DATABASE_PRINCIPAL_ID(N'tgn_administrator') IS NULL CREATE ROLE tgn_administrator;
IF DATABASE_PRINCIPAL_ID(N'tgn_reader') IS NULL CREATE ROLE tgn_reader;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Through EXEC: other servers of the same protocol know no plain GRANT in a transaction that has made what is granted.
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn TO tgn_runner');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn TO tgn_administrator');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn_admin TO tgn_administrator');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn_report TO tgn_reader');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn_report TO tgn_administrator');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO
-- Without it every member of db_datareader reads tokens that tasks have saved, and every member of db_datawriter writes deliveries.
IF @@VERSION LIKE N'Microsoft SQL%' EXEC (N'DENY SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::tgn TO public');
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

PRINT N'script/commit.sql';
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- What the transaction made stands from here on: whole for a ledger that was there, whose runs may go on while the task's procedures are altered one
-- by one. A new one isn't installed until script/version.sql; a script that is cut off in between is simply run again.
INSERT INTO #tgn_step (step, did) SELECT N'ledger', CASE WHEN did = 1 THEN 0 ELSE 1 END FROM #tgn_step WHERE step = N'was';
DELETE FROM #tgn_step WHERE step = N'was';
COMMIT TRANSACTION;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO

PRINT N'task/read_log.sql';
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- One line that a task is to write into its own log when it fires: the oldest that it wasn't given yet, each once. Parameters: @task_id, Tillypad's id
-- of the task; @message, the line, null when there is none. No result sets. It inserts alone; locks: the new rows.
-- Called by Tillypad's task, perhaps inside a till's own transaction and under any SET options: raises nothing, ends no transaction that it didn't
-- begin, only inserts. Changed by ALTER alone, and only by optional parameters, so that no call ever finds it missing.
IF OBJECT_ID(N'tgn_task.read_log', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.read_log AS RETURN');
GO
IF @@ERROR <> 0 SET NOEXEC ON;
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
      (N'tp-tg-notify: ' + NCHAR(1041) + NCHAR(1086) + NCHAR(1083) + NCHAR(1100) + NCHAR(1096) + NCHAR(1077) + N' 30 ' + NCHAR(1084) + NCHAR(1080) + NCHAR(1085) + NCHAR(1091) + NCHAR(1090) + N' ' + NCHAR(1085) + NCHAR(1080) + N' ' + NCHAR(1086) + NCHAR(1076) + NCHAR(1080) + NCHAR(1085) + N' ' + NCHAR(1079) + NCHAR(1072) + NCHAR(1087) + NCHAR(1091) + NCHAR(1089) + NCHAR(1082) + N' ' + NCHAR(1085) + NCHAR(1077) + N' ' + NCHAR(1086) + NCHAR(1073) + NCHAR(1089) + NCHAR(1083) + NCHAR(1091) + NCHAR(1078) + NCHAR(1080) + NCHAR(1083) + N' ' + NCHAR(1101) + NCHAR(1090) + NCHAR(1091) + N' ' + NCHAR(1079) + NCHAR(1072) + NCHAR(1076) + NCHAR(1072) + NCHAR(1095) + NCHAR(1091) + N': ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1086) + NCHAR(1075) + NCHAR(1088) + NCHAR(1072) + NCHAR(1084) + NCHAR(1084) + NCHAR(1072) + N' ' + NCHAR(1085) + NCHAR(1077) + N' ' + NCHAR(1079) + NCHAR(1072) + NCHAR(1087) + NCHAR(1091) + NCHAR(1089) + NCHAR(1082) + NCHAR(1072) + NCHAR(1077) + NCHAR(1090) + NCHAR(1089) + NCHAR(1103) + N' ' + NCHAR(1080) + NCHAR(1083) + NCHAR(1080) + N' ' + NCHAR(1089) + NCHAR(1088) + NCHAR(1072) + NCHAR(1079) + NCHAR(1091) + N' ' + NCHAR(1079) + NCHAR(1072) + NCHAR(1074) + NCHAR(1077) + NCHAR(1088) + NCHAR(1096) + NCHAR(1072) + NCHAR(1077) + NCHAR(1090) + NCHAR(1089) + NCHAR(1103) + N'. ' + NCHAR(1043) + NCHAR(1086) + NCHAR(1089) + NCHAR(1090) + NCHAR(1103) + NCHAR(1084) + N' ' + NCHAR(1085) + NCHAR(1080) + NCHAR(1095) + NCHAR(1077) + NCHAR(1075) + NCHAR(1086) + N' ' + NCHAR(1085) + NCHAR(1077) + N' ' + NCHAR(1086) + NCHAR(1090) + NCHAR(1087) + NCHAR(1088) + NCHAR(1072) + NCHAR(1074) + NCHAR(1083) + NCHAR(1103) + NCHAR(1077) + NCHAR(1090) + NCHAR(1089) + NCHAR(1103) + N'. ' + NCHAR(1055) + NCHAR(1086) + NCHAR(1089) + NCHAR(1084) + NCHAR(1086) + NCHAR(1090) + NCHAR(1088) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1085) + NCHAR(1072) + N' ' + NCHAR(1084) + NCHAR(1072) + NCHAR(1096) + NCHAR(1080) + NCHAR(1085) + NCHAR(1077) + N' ' + NCHAR(1089) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1086) + NCHAR(1075) + NCHAR(1088) + NCHAR(1072) + NCHAR(1084) + NCHAR(1084) + NCHAR(1086) + NCHAR(1081) + N': tp-tg-notify status, tp-tg-notify schedule check'),
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
IF @@ERROR <> 0 SET NOEXEC ON;
GO

PRINT N'task/save_parameters.sql';
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- Keeps a task's parameters, as a new version where any differs from the newest one's. Parameters: @task_id; the task's own parameters as Tillypad
-- gives them, NULL for one that the task type doesn't have. No result. Locks: the new row.
-- Called by Tillypad's task, perhaps inside a till's own transaction and under any SET options: raises nothing, ends no transaction that it didn't
-- begin, only inserts. Changed by ALTER alone, and only by optional parameters, so that no call ever finds it missing.
IF OBJECT_ID(N'tgn_task.save_parameters', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.save_parameters AS RETURN');
GO
IF @@ERROR <> 0 SET NOEXEC ON;
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
IF @@ERROR <> 0 SET NOEXEC ON;
GO

PRINT N'task/start.sql';
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- Starts the program in the way that the administrator chose (tgn_admin.set_start_way), and returns at once whatever comes of it: the word that
-- was left before is found by the next scheduled run at the latest. What a run came to stands in tgn.run. Parameter: @task_id, for what may
-- come. No result. Takes no lock.
-- agent: msdb.dbo.tgn_start, which starts the one job unless it runs. xp_cmdshell: master.dbo.tgn_start, which asks the scheduler of Windows; never
-- the program itself, which would run inside the till's transaction. Both are made by sql/sql-server/starting. Anything else: nothing.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.start', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.start AS RETURN');
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
ALTER PROCEDURE tgn_task.start
  @task_id nvarchar(100) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    -- Whatever level the task's transaction has: a lock kept to its end would stop other tills, and passing over locks works at few.
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DECLARE @way varchar(20);
    SELECT @way = way FROM tgn.start_way WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK);
    -- Who may not execute it doesn't see it either.
    IF @way = 'agent' AND OBJECT_ID(N'msdb.dbo.tgn_start', N'P') IS NOT NULL EXEC msdb.dbo.tgn_start;
    IF @way = 'xp_cmdshell' AND OBJECT_ID(N'master.dbo.tgn_start', N'P') IS NOT NULL EXEC master.dbo.tgn_start;
  END TRY
  BEGIN CATCH
    RETURN;
  END CATCH;
END;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO

PRINT N'task/wake.sql';
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- Leaves a word: something has happened, look. Parameter: @task_id, NULL for every task. The word goes to the bots that the task is known by, or
-- whose token its newest parameters name; a task that nobody knows wakes all. No result. Locks: the new rows.
-- Called by Tillypad's task, perhaps inside a till's own transaction and under any SET options: raises nothing, ends no transaction that it didn't
-- begin, only inserts. Changed by ALTER alone, and only by optional parameters, so that no call ever finds it missing.
IF OBJECT_ID(N'tgn_task.wake', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.wake AS RETURN');
GO
IF @@ERROR <> 0 SET NOEXEC ON;
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
IF @@ERROR <> 0 SET NOEXEC ON;
GO

PRINT N'task_rights.sql';
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- Not in the transaction, for the tills' sake: their rights are looked up while it stands.
GRANT EXECUTE ON SCHEMA::tgn_task TO tgn_tasks;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO

PRINT N'script/version.sql';
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- The version's row comes last of all: before it, a new ledger isn't installed. Through a procedure: what is denied to public (roles.sql) is denied to
-- a member of db_owner too who isn't dbo.
EXEC tgn_admin.save_version @version = 1;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO

PRINT N'script/end.sql';
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- What was done.
PRINT (NCHAR(1043) + NCHAR(1086) + NCHAR(1090) + NCHAR(1086) + NCHAR(1074) + NCHAR(1086) + N' / Done.');
SELECT step, did FROM #tgn_step ORDER BY no;
GO
IF @@ERROR <> 0 SET NOEXEC ON;
GO

SET NOEXEC OFF;
GO
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
GO
