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
SET XACT_ABORT ON;
GO
SET NOCOUNT ON;
IF OBJECT_ID(N'tempdb..#tgn_step') IS NOT NULL DROP TABLE #tgn_step;
GO
-- What was done; the script's answer at its end. COLLATE: the server's collation may be another than the database's.
CREATE TABLE #tgn_step (no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, step nvarchar(100) COLLATE DATABASE_DEFAULT NOT NULL, did bit NOT NULL);
GO
DECLARE @say nvarchar(2000), @got int, @lock nvarchar(255), @found int, @sql nvarchar(400);
IF @@VERSION NOT LIKE N'Babelfish%' AND CAST(PARSENAME(CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(100)), 4) AS int) < 13
BEGIN
  SET @say = (NCHAR(1053) + NCHAR(1091) + NCHAR(1078) + NCHAR(1077) + NCHAR(1085) + N' SQL Server 2016 ' + NCHAR(1080) + NCHAR(1083) + NCHAR(1080) + N' ' + NCHAR(1085) + NCHAR(1086) + NCHAR(1074) + NCHAR(1077) + NCHAR(1077) + N' / SQL Server 2016 or later is needed: ') + CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(100));
  THROW 50213, @say, 1;
END;
IF HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CONTROL') = 0
BEGIN
  SET @say = (NCHAR(1057) + NCHAR(1082) + NCHAR(1088) + NCHAR(1080) + NCHAR(1087) + NCHAR(1090) + N' ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1103) + NCHAR(1077) + NCHAR(1090) + N' ' + NCHAR(1095) + NCHAR(1083) + NCHAR(1077) + NCHAR(1085) + N' ' + NCHAR(1088) + NCHAR(1086) + NCHAR(1083) + NCHAR(1080) + N' db_owner / The script is run by a member of db_owner: ') + SUSER_SNAME();
  THROW 50229, @say, 1;
END;
IF DB_NAME() IN (N'master', N'model', N'msdb', N'tempdb') OR OBJECT_ID(N'dbo.tp_ClientPurseOperations') IS NULL AND OBJECT_ID(N'dbo.tp_Clients') IS NULL
BEGIN
  SET @say = (NCHAR(1069) + NCHAR(1090) + NCHAR(1086) + N' ' + NCHAR(1085) + NCHAR(1077) + N' ' + NCHAR(1073) + NCHAR(1072) + NCHAR(1079) + NCHAR(1072) + N' Tillypad, ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1073) + NCHAR(1077) + NCHAR(1088) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1077) + NCHAR(1105) + N' ' + NCHAR(1080) + N' ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' ' + NCHAR(1089) + NCHAR(1082) + NCHAR(1088) + NCHAR(1080) + NCHAR(1087) + NCHAR(1090) + N' ' + NCHAR(1089) + NCHAR(1085) + NCHAR(1086) + NCHAR(1074) + NCHAR(1072) + N' / This is not the Tillypad database, choose it and run the script again: ') + DB_NAME();
  THROW 50208, @say, 4;
END;
IF CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS varchar(20)) = 'READ_ONLY'
BEGIN
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
-- Two columns differ from the embedded twin, for the sake of a row of at most 120 bytes: delivery and attempt hold run_no where the twin has
-- run_id, and delivery holds task_no where the twin has task_id; tgn.run and tgn.task give the names.

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
    -- Server, database and database_guid it was installed on or bound to, one line.
    bound_to nvarchar(400) COLLATE Latin1_General_BIN2 NOT NULL,
    -- Of the current link key.
    key_fingerprint varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    -- 1: installed with --paused; a bot that is bound then starts out paused.
    paused bit NOT NULL CONSTRAINT df_place_paused DEFAULT 0
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
    paused_until_utc datetime2(3) NULL
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
    parameters nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
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

-- 117 bytes a delivered row, 121 with the longest reason: ten million of them are a gigabyte and a bit.
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
    resolved nvarchar(400) COLLATE Latin1_General_BIN2 NULL
  );
  CREATE UNIQUE INDEX ux_delivery_operation ON tgn.delivery (bot_id, operation_id) INCLUDE (state) WITH (FILLFACTOR = 80);
  -- Open rows only: an idle run never pays for the past. Ask with a literal, state = 'planned', or the optimizer can't use it.
  CREATE INDEX ix_delivery_open ON tgn.delivery (bot_id, state, customer_id, operation_date, operation_id)
    INCLUDE (attempt_no, run_no, not_before_utc, repeat, changed_utc) WHERE state IN ('planned', 'sending', 'in_doubt');
  CREATE INDEX ix_delivery_customer ON tgn.delivery (bot_id, customer_id, operation_date);
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
DECLARE @missing nvarchar(max);
SET @missing = N'';
SELECT @missing = @missing + N', ' + w.name
FROM (VALUES (1, N'tp_ClientPurseOperations'), (2, N'tp_Clients'), (3, N'tp_NoteTypes'), (4, N'tp_Notes'), (5, N'tp_ClientGroups'),
  (6, N'tp_ClientPurseTypes'), (7, N'tp_AuthorizationOperations'), (8, N'tp_Divisions')) w (no, name)
WHERE OBJECT_ID(N'dbo.' + w.name) IS NULL
ORDER BY w.no;
IF @missing <> N''
BEGIN
  SET @missing = STUFF(@missing, 1, 2, N'');
  THROW 50208, @missing, 1;
END;

SELECT @missing = @missing + N', ' + w.table_name + N'.' + w.column_name
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
  OR (w.type_name IS NOT NULL AND c.DATA_TYPE <> w.type_name AND NOT (w.type_name = N'numeric' AND c.DATA_TYPE IN (N'decimal', N'money')))
ORDER BY w.no;
IF @missing <> N''
BEGIN
  SET @missing = STUFF(@missing, 1, 2, N'');
  THROW 50208, @missing, 2;
END;

-- A procedure of ours may read a table of theirs without any right of its caller only where both have one owner.
SELECT @missing = @missing + N', ' + o.name
FROM sys.objects o
WHERE o.schema_id = SCHEMA_ID(N'dbo') AND o.principal_id IS NOT NULL
  AND o.name IN (N'tp_ClientPurseOperations', N'tp_Clients', N'tp_ClientGroups', N'tp_ClientPurseTypes', N'tp_AuthorizationOperations',
    N'tp_Divisions', N'tp_NoteTypes', N'tp_Notes', N'tp_NoteTypeObjects', N'tp_ClientPhones', N'tp_People');
IF @missing <> N''
BEGIN
  SET @missing = STUFF(@missing, 1, 2, N'');
  THROW 50209, @missing, 1;
END;

DELETE FROM tgn.site WHERE name NOT LIKE 'view %';
INSERT INTO tgn.site (name, value)
SELECT 'phones_child', CASE WHEN COL_LENGTH(N'dbo.tp_ClientPhones', N'clph_Phone') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'phones_xml', CASE WHEN COL_LENGTH(N'dbo.tp_Clients', N'clnt_Phones') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'phones_profile', CASE WHEN COL_LENGTH(N'dbo.tp_People', N'pepl_PhoneCell') IS NULL OR COL_LENGTH(N'dbo.tp_Clients', N'clnt_pepl_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'account_type_bin', CASE WHEN COL_LENGTH(N'dbo.tp_ClientPurseTypes', N'cptp_del_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'multilingual', CASE WHEN OBJECT_ID(N'dbo.f_MultiLanguageStringToStringByLanguage1') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'logon', CASE WHEN OBJECT_ID(N'dbo.tpsrv_logon') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'note_objects', CASE WHEN OBJECT_ID(N'dbo.tp_NoteTypeObjects') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'object_kinds', CASE WHEN OBJECT_ID(N'dbo.sys_Tables') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'note_object_kind', CASE WHEN COL_LENGTH(N'dbo.tp_Notes', N'note_tpsyso_ID') IS NULL THEN N'no' ELSE N'yes' END
UNION ALL SELECT 'rowversion', MAX(c.COLUMN_NAME) FROM INFORMATION_SCHEMA.COLUMNS c
  WHERE c.TABLE_SCHEMA = N'dbo' AND c.TABLE_NAME = N'tp_ClientPurseOperations' AND c.DATA_TYPE IN (N'timestamp', N'rowversion')
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
-- live: neither the customer nor the group is in the recycle bin or disabled. may_invite: 1 unless an administrator alters the view.
DECLARE @views TABLE (no int NOT NULL PRIMARY KEY, name nvarchar(60) NOT NULL, columns nvarchar(400) NOT NULL, text nvarchar(max) NOT NULL);

INSERT INTO @views (no, name, columns, text) VALUES (1, N'operation',
  N'operation_id,customer_id,account_type_id,date,sum,document,description,authorization_id,return_of',
  N'CREATE VIEW tgn.operation AS
SELECT
  cpop_ID AS operation_id, cpop_clnt_ID AS customer_id, cpop_cptp_ID AS account_type_id, cpop_Date AS [date], cpop_Sum AS [sum],
  cpop_Name AS document, cpop_Description AS description, cpop_atop_ID AS authorization_id, cpop_cpop_ID_Return AS return_of
FROM dbo.tp_ClientPurseOperations');

INSERT INTO @views (no, name, columns, text)
SELECT 2, N'customer',
  N'customer_id,name,group_id,group_name,language_group_id,live,deleted,disabled,may_invite,profile_phone,phones_xml',
  N'CREATE VIEW tgn.customer AS
SELECT
  c.clnt_ID AS customer_id, c.clnt_Name AS name, c.clnt_clgr_ID AS group_id, g.clgr_Name AS group_name, c.clnt_lggr_ID AS language_group_id,
  CAST(CASE WHEN c.clnt_del_ID IS NULL AND c.clnt_IsDisabled = 0 AND g.clgr_ID IS NOT NULL AND g.clgr_del_ID IS NULL AND g.clgr_IsDisabled = 0
    THEN 1 ELSE 0 END AS bit) AS live,
  CAST(CASE WHEN c.clnt_del_ID IS NULL THEN 0 ELSE 1 END AS bit) AS deleted, c.clnt_IsDisabled AS disabled,
  CAST(1 AS bit) AS may_invite,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_profile' AND value = N'yes') THEN N'p.pepl_PhoneCell' ELSE N'CAST(NULL AS nvarchar(max))' END + N' AS profile_phone,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_xml' AND value = N'yes') THEN N'CAST(c.clnt_Phones AS nvarchar(max))' ELSE N'CAST(NULL AS nvarchar(max))' END + N' AS phones_xml
FROM dbo.tp_Clients c
LEFT JOIN dbo.tp_ClientGroups g ON g.clgr_ID = c.clnt_clgr_ID' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_profile' AND value = N'yes') THEN N'
LEFT JOIN dbo.tp_People p ON p.pepl_ID = c.clnt_pepl_ID AND p.pepl_del_ID IS NULL' ELSE N'' END;

INSERT INTO @views (no, name, columns, text)
SELECT 3, N'customer_phone', N'customer_id,phone,phone_id',
  CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'phones_child' AND value = N'yes')
  THEN N'CREATE VIEW tgn.customer_phone AS
SELECT clph_clnt_ID AS customer_id, clph_Phone AS phone, clph_ID AS phone_id FROM dbo.tp_ClientPhones WHERE clph_Phone IS NOT NULL'
  ELSE N'CREATE VIEW tgn.customer_phone AS
SELECT CAST(NULL AS uniqueidentifier) AS customer_id, CAST(NULL AS nvarchar(max)) AS phone, CAST(NULL AS uniqueidentifier) AS phone_id WHERE 1 = 0' END;

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
SELECT t.ancestor_id, t.group_id, a.clgr_Name AS name, CAST(CASE WHEN a.clgr_del_ID IS NULL THEN 0 ELSE 1 END AS bit) AS deleted
FROM tree t JOIN dbo.tp_ClientGroups a ON a.clgr_ID = t.ancestor_id');

INSERT INTO @views (no, name, columns, text)
SELECT 5, N'account_type', N'account_type_id,name,description,deleted',
  N'CREATE VIEW tgn.account_type AS
SELECT cptp_ID AS account_type_id, cptp_Name AS name, ' + CASE WHEN COL_LENGTH(N'dbo.tp_ClientPurseTypes', N'cptp_Description') IS NULL THEN N'CAST(NULL AS nvarchar(max))' ELSE N'cptp_Description' END + N' AS description,
  ' + CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'account_type_bin' AND value = N'yes')
    THEN N'CAST(CASE WHEN cptp_del_ID IS NULL THEN 0 ELSE 1 END AS bit)' ELSE N'CAST(0 AS bit)' END + N' AS deleted
FROM dbo.tp_ClientPurseTypes';

INSERT INTO @views (no, name, columns, text) VALUES (6, N'division', N'authorization_id,name',
  N'CREATE VIEW tgn.division AS
SELECT a.atop_ID AS authorization_id, d.dvsn_Name AS name
FROM dbo.tp_AuthorizationOperations a JOIN dbo.tp_Divisions d ON d.dvsn_ID = a.atop_dvsn_ID');

-- The sum of all operations, for want of a register whose columns are known: an administrator who knows them alters this view.
INSERT INTO @views (no, name, columns, text) VALUES (7, N'balance', N'customer_id,account_type_id,balance,operations',
  N'CREATE VIEW tgn.balance AS
SELECT cpop_clnt_ID AS customer_id, cpop_cptp_ID AS account_type_id, SUM(cpop_Sum) AS balance, COUNT_BIG(*) AS operations
FROM dbo.tp_ClientPurseOperations GROUP BY cpop_clnt_ID, cpop_cptp_ID');

DECLARE @no int, @name nvarchar(60), @columns nvarchar(400), @text nvarchar(max), @full nvarchar(128), @lacking nvarchar(max), @hash varbinary(32), @kept varbinary(32), @did bit, @at int, @column nvarchar(128);
SET @no = 0;
SET @lacking = N'';
-- First what can stop the script, so that all of it is named at once.
WHILE @no < 7
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
  SET @lacking = STUFF(@lacking, 1, 2, N'');
  THROW 50208, @lacking, 3;
END;

SET @no = 0;
WHILE @no < 7
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
WHILE @next < 7
BEGIN
  SET @next = @next + 1;
  SET @refresh = CASE @next WHEN 1 THEN N'tgn.operation' WHEN 2 THEN N'tgn.customer' WHEN 3 THEN N'tgn.customer_phone' WHEN 4 THEN N'tgn.customer_group'
    WHEN 5 THEN N'tgn.account_type' WHEN 6 THEN N'tgn.division' ELSE N'tgn.balance' END;
  IF @@VERSION NOT LIKE N'Babelfish%' EXEC sys.sp_refreshview @refresh;
END;
GO
IF @@ERROR <> 0 OR @@TRANCOUNT = 0 SET NOEXEC ON;
GO

-- A look goes by the date; without an index that begins with it, every run would read the whole table and hold up the tills.
IF NOT EXISTS (
  SELECT 1 FROM sys.index_columns ic JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
  WHERE ic.object_id = OBJECT_ID(N'dbo.tp_ClientPurseOperations') AND ic.key_ordinal = 1 AND LOWER(c.name) = N'cpop_date'
)
  THROW 50210, N'CREATE INDEX CI_tp_ClientPurseOperations_cpop_Date ON dbo.tp_ClientPurseOperations (cpop_Date)', 1;
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
  CASE WHEN LTRIM(RTRIM(REPLACE(REPLACE(REPLACE(REPLACE(v.text, NCHAR(9), N' '), NCHAR(10), N' '), NCHAR(13), N' '), NCHAR(160), N' '))) <> N''
    THEN v.text END AS text
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
SELECT nttp_ID AS note_type_id, nttp_Name AS name, nttp_IsDisabled AS disabled FROM dbo.tp_NoteTypes WHERE nttp_del_ID IS NULL;
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
  INSERT INTO dbo.tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_Name, nttp_Description, nttp_IsUnique, nttp_IsRequired, nttp_IsDisabled)
  VALUES (@id, 0, @name, N''tp-tg-notify'', 1, 0, 0);' + @offer + N'
END;';
EXEC (@text);
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
-- each is chosen); customers and operations that narrow it. @locked: customers whom somebody has locked; their operations have no row, so
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
  @locked int OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @after_text char(36), @types_since datetime, @groups_since datetime, @batch int, @read int, @edge datetime, @from datetime;
  DECLARE @at int, @met int, @size int;

  CREATE TABLE #chosen_type (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  CREATE TABLE #chosen_group (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  EXEC tgn.choose @bot_id, @task_id, @admitted_only, @account_types, @all_types, @customer_groups, @all_groups, @types_since OUTPUT, @groups_since OUTPUT;

  CREATE TABLE #look (date datetime NOT NULL, operation_id uniqueidentifier NOT NULL, PRIMARY KEY (date, operation_id));
  CREATE TABLE #unknown (operation_id uniqueidentifier NOT NULL PRIMARY KEY, date datetime NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL);
  CREATE TABLE #read (operation_id uniqueidentifier NOT NULL PRIMARY KEY, date datetime NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #met (no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #person (customer_id uniqueidentifier NOT NULL PRIMARY KEY, live bit NOT NULL, group_id uniqueidentifier NULL);

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

    IF @any_operation = 0
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT o.date, o.operation_id FROM @operations w JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST) ON o.operation_id = w.id
      WHERE o.date >= @from AND o.date <= @last
      OPTION (LOOP JOIN, MAXDOP 1);
      SET @from = NULL;
    END
    ELSE IF @any_customer = 0
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT o.date, o.operation_id FROM @customers w JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST) ON o.customer_id = w.id
      WHERE o.date >= @from AND o.date <= @last
      OPTION (LOOP JOIN, MAXDOP 1);
      SET @from = NULL;
    END
    ELSE
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT TOP (@batch) o.date, o.operation_id FROM tgn.operation o WITH (READCOMMITTEDLOCK, READPAST)
      WHERE o.date >= @from AND o.date <= @last
      ORDER BY o.date
      OPTION (MAXDOP 1);
      SET @read = @@ROWCOUNT;
      SELECT @edge = MAX(date) FROM #look;
      IF @read < @batch OR @edge >= @last SET @from = NULL;
      IF @read = @batch
        -- All of the last date, so that the next batch begins with the next one: a datetime's grain is 1/300 s.
        INSERT INTO #look (date, operation_id)
        SELECT o.date, o.operation_id FROM tgn.operation o WITH (READCOMMITTEDLOCK, READPAST)
        WHERE o.date = @edge AND NOT EXISTS (SELECT 1 FROM #look l WHERE l.date = @edge AND l.operation_id = o.operation_id)
        OPTION (MAXDOP 1);
      IF @from IS NOT NULL SET @from = DATEADD(ms, 3, @edge);
      SET @batch = CASE WHEN @batch >= 25000 THEN 50000 ELSE @batch * 2 END;
    END;

    INSERT INTO #unknown (operation_id, date, id_text)
    SELECT l.operation_id, l.date, CONVERT(char(36), l.operation_id) FROM #look l
    WHERE NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.bot_id = @bot_id AND d.operation_id = l.operation_id)
    OPTION (LOOP JOIN, MAXDOP 1);
    IF @revive = 1
      INSERT INTO #unknown (operation_id, date, id_text, delivery_no)
      SELECT l.operation_id, l.date, CONVERT(char(36), l.operation_id), d.delivery_no
      FROM #look l JOIN tgn.delivery d ON d.bot_id = @bot_id AND d.operation_id = l.operation_id
      WHERE d.state = 'skipped' AND d.attempt_no IS NULL AND d.reason IN ('not_subscribed', 'suspended', 'too_old', 'late')
      OPTION (LOOP JOIN, MAXDOP 1);

    INSERT INTO #read (operation_id, date, id_text, delivery_no, customer_id)
    SELECT u.operation_id, u.date, u.id_text, u.delivery_no, o.customer_id
    FROM #unknown u JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST) ON o.operation_id = u.operation_id
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
        -- The wait is over; who is still locked need not be waited for as long again.
        SET LOCK_TIMEOUT 100;
        IF @size = 1
        BEGIN
          SET @locked = @locked + 1;
          SET @at = @at + 1;
        END
        ELSE SET @size = (@size + 1) / 2;
      END CATCH;
    END;

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
    WHERE v.verdict IS NOT NULL
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

  SELECT w.id, t.name, t.deleted INTO #type FROM @account_types w JOIN tgn.account_type t ON t.account_type_id = w.id;
  SELECT w.id, g.name, g.deleted INTO #group FROM @customer_groups w JOIN tgn.customer_group g ON g.group_id = w.id AND g.ancestor_id = w.id;
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
  CREATE TABLE #payer (no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, operations int NULL);
  CREATE TABLE #history (customer_id uniqueidentifier NOT NULL PRIMARY KEY, operations int NOT NULL);
  CREATE TABLE #current (customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL, PRIMARY KEY (customer_id, account_type_id));
  CREATE TABLE #later (operation_id uniqueidentifier NOT NULL PRIMARY KEY, sum decimal(38, 4) NOT NULL);
  CREATE TABLE #changed (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #payer (customer_id) SELECT DISTINCT customer_id FROM #told;
  SELECT @last = MAX(no) FROM #payer;
  SET @at = 1;
  SET @size = @last;
  WHILE @at <= @last
  BEGIN
    DELETE FROM #history;
    DELETE FROM #current;
    DELETE FROM #later;
    DELETE FROM #changed;
    BEGIN TRY
      INSERT INTO #history (customer_id, operations)
      SELECT h.customer_id, h.operations
      FROM (
        SELECT p.customer_id, (
          SELECT COUNT(*) FROM (SELECT TOP (20001) o.operation_id FROM tgn.operation o WHERE o.customer_id = p.customer_id) x
        ) AS operations
        FROM #payer p WHERE p.no >= @at AND p.no < @at + @size
      ) h
      WHERE h.operations <= 20000
      OPTION (MAXDOP 1);
      INSERT INTO #current (customer_id, account_type_id, balance)
      SELECT b.customer_id, b.account_type_id, b.balance
      FROM (SELECT DISTINCT t.customer_id, t.account_type_id FROM #told t JOIN #history h ON h.customer_id = t.customer_id) a
      JOIN tgn.balance b ON b.customer_id = a.customer_id AND b.account_type_id = a.account_type_id
      OPTION (MAXDOP 1);
      IF @meaning = 'after'
      BEGIN
        INSERT INTO #later (operation_id, sum)
        SELECT t.operation_id, SUM(o.sum)
        FROM #told t
        JOIN #history h ON h.customer_id = t.customer_id
        JOIN tgn.operation o ON o.customer_id = t.customer_id AND o.account_type_id = t.account_type_id
        WHERE o.date > t.date OR (o.date = t.date AND CONVERT(char(36), o.operation_id) COLLATE Latin1_General_BIN2 > t.id_text)
        GROUP BY t.operation_id
        OPTION (MAXDOP 1);
        INSERT INTO #changed (customer_id)
        SELECT h.customer_id FROM #history h
        WHERE h.operations <> (SELECT COUNT(*) FROM tgn.operation o WHERE o.customer_id = h.customer_id)
        OPTION (MAXDOP 1);
      END;
      UPDATE t SET balance = c.balance - COALESCE((SELECT l.sum FROM #later l WHERE l.operation_id = t.operation_id), 0)
      FROM #told t JOIN #current c ON c.customer_id = t.customer_id AND c.account_type_id = t.account_type_id
      WHERE NOT EXISTS (SELECT 1 FROM #changed x WHERE x.customer_id = t.customer_id);
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

  CREATE TABLE #chats (chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #chats (chat_id)
  SELECT item FROM @chats
  UNION
  SELECT chat_id FROM tgn.subscription WHERE bot_id = @bot_id AND customer_id IN (SELECT id FROM @customers);
  CREATE TABLE #customers (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, customer_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NULL
  );
  INSERT INTO #customers (customer_id, customer_name, group_id, group_name, live)
  SELECT c.customer_id, c.name, c.group_id, c.group_name, c.live
  FROM tgn.customer c
  WHERE c.customer_id IN (
    SELECT id FROM @customers
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
    UPDATE w SET served_utc = @now FROM tgn.wake w WITH (READPAST, ROWLOCK)
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
  @gap_ms int,
  @brake_before datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @locked int;
  CREATE TABLE #candidate (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL
  );
  EXEC tgn.candidate @bot_id, @task_id, @low, @last, NULL, NULL, 2147483647, @revive, @mark_only, @old_before, @late_before,
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @account_types, @all_types, @customer_groups, @all_groups, @customers,
    @any_customer, @operations, @any_operation, @locked OUTPUT;

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
-- Result: written, failed, detail, the last failure: note_type_missing, lock_lost, or what the database said.
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
        IF (@text IS NULL AND (@noted IS NULL OR @wanted IS NULL)) OR @text + N'|' = @noted + N'|' OR @text + N'|' = @wanted + N'|'
        BEGIN
          UPDATE tgn.note_mirror SET noted = wanted, pending = 0, failures = 0, failure = NULL WHERE bot_id = @bot_id AND customer_id = @customer;
          IF NOT (@text IS NULL AND @wanted IS NULL) AND (@text IS NULL OR @wanted IS NULL OR @text + N'|' <> @wanted + N'|')
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

  DECLARE @lock nvarchar(255), @schema_lock nvarchar(255), @got int, @now datetime2(3), @wall datetime, @found int;
  SET @lock = N'tgn:' + DB_NAME() + N':bot:' + CAST(@bot_id AS nvarchar(20));
  SET @schema_lock = N'tgn:' + DB_NAME() + N':schema';

  IF CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS varchar(20)) = 'READ_ONLY'
  BEGIN
    IF sys.fn_hadr_is_primary_replica(DB_NAME()) = 0 SELECT 'not_primary' AS answer;
    ELSE SELECT 'read_only' AS answer;
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
  INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc) SELECT @bot_id, item, 'run', @now FROM @tasks ORDER BY item;

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
    @last_known datetime2(3), @last_no int, @run_no int;
  BEGIN TRANSACTION;
  SELECT @bound_to = bound_to, @fingerprint = key_fingerprint, @paused = paused FROM tgn.place;
  SELECT @here = place FROM tgn.here;
  SET @bound = CASE WHEN EXISTS (SELECT 1 FROM tgn.bot WHERE bot_id = @bot_id) THEN 0 ELSE 1 END;
  -- A task that another bot has told about: with a second bot every guest would be told again.
  IF @bound = 1 SELECT @other = MIN(bot_id) FROM tgn.task WHERE bot_id <> @bot_id AND task_id IN (SELECT item FROM @tasks);
  SELECT TOP (1) @last_no = run_no, @last_known = COALESCE(finished_utc, heartbeat_utc) FROM tgn.run ORDER BY run_no DESC;
  -- In this order: a copy says nothing of bots, and a past that doesn't fit is told last, when all else fits.
  SET @answer = CASE
    WHEN @bound_to <> @here THEN 'copy'
    WHEN @other IS NOT NULL THEN 'other_bot'
    WHEN @fingerprint <> @key_fingerprint THEN 'other_key'
    WHEN @remembered_no IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tgn.run WHERE run_no = @remembered_no AND run_id = @remembered_id) THEN 'restored'
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
  IF @bound = 1
    INSERT INTO tgn.bot (bot_id, bound_utc, paused_until_utc)
    VALUES (@bot_id, @now, CASE WHEN @paused = 1 THEN CONVERT(datetime2(3), '9999-12-31T23:59:59', 126) END);
  -- The lock is ours, so they are dead; from here on their late writes answer lock_lost.
  UPDATE tgn.run SET finished_utc = heartbeat_utc WHERE bot_id = @bot_id AND finished_utc IS NULL;
  INSERT INTO tgn.run (run_id, bot_id, started_utc, heartbeat_utc, host, pid, started_by)
  VALUES (@run_id, @bot_id, @now, @now, @host, @pid, @started_by);
  SET @run_no = SCOPE_IDENTITY();
  INSERT INTO tgn.task (bot_id, task_id)
  SELECT @bot_id, item FROM @tasks t WHERE NOT EXISTS (SELECT 1 FROM tgn.task k WHERE k.bot_id = @bot_id AND k.task_id = t.item);
  COMMIT TRANSACTION;

  SELECT
    'opened' AS answer, @run_no AS run_no, @now AS now, CONVERT(varchar(23), @wall, 121) AS wall_now, @bound AS bound,
    b.offset AS offset, b.polled_utc AS polled_at,
    CASE WHEN b.quiet_until_utc > @now THEN b.quiet_until_utc END AS quiet_until,
    CASE WHEN b.paused_until_utc > @now THEN b.paused_until_utc END AS paused_until,
    (SELECT COALESCE(MAX(wake_no), 0) FROM tgn.wake WITH (NOLOCK)) AS wake_no,
    (SELECT MAX(made_utc) FROM tgn.wake WITH (NOLOCK) WHERE bot_id = @bot_id AND kind = 'event' AND served_utc IS NULL) AS event_at
  FROM tgn.bot b WHERE b.bot_id = @bot_id;
  EXEC tgn.read_tasks @bot_id, @tasks;
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
-- Plans one chunk of a look: adds its rows to the ledger, and with the look's last chunk moves the task. Parameters: candidate's, the place
-- where the last chunk ended, the chunk's rows, the digest's gap in milliseconds (at most a day), notices that may still be planned (null: no
-- limit), and the task's move (@moves 0: it stays). Result: answer planned | lock_lost, where the next chunk begins (next_date, next_id; null at
-- the end), the last row planned (last_date, last_id), how many customers were left out as locked; then a row a verdict: verdict, n, notices,
-- oldest, customers.
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
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @account_types, @all_types, @customer_groups, @all_groups, @customers,
    @any_customer, @operations, @any_operation, @locked OUTPUT;
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

  INSERT INTO tgn.delivery (bot_id, operation_id, task_no, customer_id, operation_date, state, reason, planned_utc, changed_utc)
  SELECT @bot_id, c.operation_id, @task_no, c.customer_id, c.date, CASE WHEN c.verdict = 'planned' THEN 'planned' ELSE 'skipped' END,
    NULLIF(c.verdict, 'planned'), @now, @now
  FROM #chunk c WHERE c.delivery_no IS NULL
  ORDER BY c.seq
  OPTION (MAXDOP 1);
  IF @revive = 1
    UPDATE d SET state = CASE WHEN c.verdict = 'planned' THEN 'planned' ELSE 'skipped' END, reason = NULLIF(c.verdict, 'planned'),
      task_no = @task_no, customer_id = c.customer_id, operation_date = c.date, not_before_utc = NULL, planned_utc = @now, changed_utc = @now
    FROM tgn.delivery d JOIN #chunk c ON c.delivery_no = d.delivery_no
    WHERE d.state = 'skipped' AND d.attempt_no IS NULL
    OPTION (MAXDOP 1);

  -- The stamps of the looks only go forward: a look that says nothing of them leaves them.
  IF @moves = 1 AND @next_id IS NULL AND @limited = 0 AND @locked = 0
    UPDATE tgn.task SET watermark = @watermark, first_look_done = CASE WHEN @first_look_done = 1 THEN 1 ELSE first_look_done END,
      overlap_look_at = COALESCE(@overlap_look_at, overlap_look_at), deep_look_at = COALESCE(@deep_look_at, deep_look_at),
      brake_held_at = @brake_held_at
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
    CONVERT(varchar(23), @last_date, 121) AS last_date, @last_id AS last_id, @locked AS locked;
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
-- language, verdict; then whether there is another page and where it begins: more, next_date, next_id. Locks: as candidate.
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

  DECLARE @locked int, @rows int, @found int;
  CREATE TABLE #candidate (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL
  );
  CREATE TABLE #page (seq int NOT NULL PRIMARY KEY, operation_id uniqueidentifier NOT NULL, date datetime NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL);
  CREATE TABLE #told (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL
  );
  SET @rows = @limit + 1;
  EXEC tgn.candidate @bot_id, @task_id, @low, @last, @after_date, @after_id, @rows, @revive, @mark_only, @old_before, @late_before,
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @account_types, @all_types, @customer_groups, @all_groups, @customers,
    @any_customer, @operations, @any_operation, @locked OUTPUT;
  SELECT @found = COUNT(*) FROM #candidate;
  INSERT INTO #page (seq, operation_id, date, verdict)
  SELECT n.seq, n.operation_id, n.date, n.verdict
  FROM (SELECT ROW_NUMBER() OVER (ORDER BY c.date, c.id_text) AS seq, c.operation_id, c.date, c.verdict FROM #candidate c) n
  WHERE n.seq <= @limit;

  SELECT p.seq, p.verdict, o.operation_id, o.customer_id, o.account_type_id, t.name AS account_type, o.date, o.sum, o.document, o.description,
    v.name AS division, o.return_of, c.name AS customer_name, c.group_id, c.group_name, s.chat_id, h.language
  INTO #shown
  FROM #page p
  JOIN tgn.operation o ON o.operation_id = p.operation_id
  JOIN tgn.customer c ON c.customer_id = o.customer_id
  LEFT JOIN tgn.account_type t ON t.account_type_id = o.account_type_id
  LEFT JOIN tgn.division v ON v.authorization_id = o.authorization_id
  LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = o.customer_id
  LEFT JOIN tgn.chat h ON h.bot_id = @bot_id AND h.chat_id = s.chat_id
  OPTION (LOOP JOIN, MAXDOP 1);
  INSERT INTO #told (operation_id, id_text, date, customer_id, account_type_id)
  SELECT operation_id, CONVERT(char(36), operation_id), date, customer_id, account_type_id FROM #shown WHERE verdict = 'planned';
  EXEC tgn.fill_balances @balance;

  SELECT s.operation_id AS id, s.customer_id, s.account_type_id, s.account_type, CONVERT(varchar(23), s.date, 121) AS date,
    CONVERT(varchar(40), CAST(s.sum AS decimal(38, 4))) AS sum, s.document, s.description, s.division, s.return_of,
    CONVERT(varchar(50), t.balance) AS balance, s.customer_name, s.group_id, s.group_name, s.chat_id, s.language, s.verdict
  FROM #shown s LEFT JOIN #told t ON t.operation_id = s.operation_id
  ORDER BY s.seq;
  SELECT TOP (1) CAST(CASE WHEN @found > @limit THEN 1 ELSE 0 END AS bit) AS more, CONVERT(varchar(23), date, 121) AS next_date, operation_id AS next_id
  FROM #page ORDER BY seq DESC;
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

  CREATE TABLE #long (customer_id uniqueidentifier NOT NULL PRIMARY KEY, operations int NOT NULL);
  CREATE TABLE #accounts (
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    balance varchar(41) NULL, PRIMARY KEY (customer_id, account_type_id)
  );
  CREATE TABLE #newest (
    id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL,
    account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL, date datetime NOT NULL, sum varchar(41) NOT NULL,
    document nvarchar(max) COLLATE DATABASE_DEFAULT NULL, description nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    division nvarchar(max) COLLATE DATABASE_DEFAULT NULL, return_of uniqueidentifier NULL
  );
  BEGIN TRY
    INSERT INTO #long (customer_id, operations)
    SELECT c.id, (SELECT COUNT(*) FROM (SELECT TOP (20001) 1 AS one FROM tgn.operation o WHERE o.customer_id = c.id) t) FROM @customers c
    OPTION (MAXDOP 1);
    INSERT INTO #accounts (customer_id, account_type_id, account_type)
    SELECT o.customer_id, o.account_type_id, t.name
    FROM (SELECT DISTINCT customer_id, account_type_id FROM tgn.operation WHERE customer_id IN (SELECT id FROM @customers)) o
    JOIN tgn.account_type t ON t.account_type_id = o.account_type_id AND t.deleted = 0
    OPTION (MAXDOP 1);
    INSERT INTO #newest (id, customer_id, account_type_id, account_type, date, sum, document, description, division, return_of)
    SELECT
      o.operation_id, o.customer_id, o.account_type_id, t.name, o.date, CONVERT(varchar(41), CAST(o.sum AS decimal(18, 4))), o.document, o.description,
      (SELECT TOP (1) v.name FROM tgn.division v WHERE v.authorization_id = o.authorization_id), o.return_of
    FROM @customers c
    CROSS APPLY (
      SELECT TOP (1) * FROM tgn.operation p WHERE p.customer_id = c.id ORDER BY p.date DESC, CAST(p.operation_id AS char(36)) DESC
    ) o
    LEFT JOIN tgn.account_type t ON t.account_type_id = o.account_type_id
    OPTION (MAXDOP 1);
    UPDATE a SET balance = CONVERT(varchar(41), CAST(b.balance AS decimal(38, 4)))
    FROM #accounts a
    JOIN #long l ON l.customer_id = a.customer_id AND l.operations <= 20000
    JOIN tgn.balance b ON b.customer_id = a.customer_id AND b.account_type_id = a.account_type_id
    OPTION (MAXDOP 1);
  END TRY
  BEGIN CATCH
    -- Somebody is writing: what was read by then is told, and no balance that was not.
    IF ERROR_NUMBER() <> 1222 THROW;
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
-- The server's clocks: now in UTC, wall_now as Tillypad dates its operations. No parameters. Takes no lock.
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
  FROM tgn.task_parameters p WITH (READCOMMITTEDLOCK, READPAST)
  WHERE NOT EXISTS (
    SELECT 1 FROM tgn.task_parameters n WITH (READCOMMITTEDLOCK, READPAST) WHERE n.task_id = p.task_id AND n.version > p.version
  )
  ORDER BY p.task_id;
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

  SELECT
    t.task_id, CONVERT(varchar(23), t.watermark, 121) AS watermark, t.first_look_done,
    CONVERT(varchar(23), t.overlap_look_at, 121) AS overlap_look_at, CONVERT(varchar(23), t.deep_look_at, 121) AS deep_look_at,
    CONVERT(varchar(23), t.brake_held_at, 121) AS brake_held_at
  FROM tgn.task t
  WHERE t.bot_id = @bot_id AND t.task_id IN (SELECT item FROM @tasks);
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
-- Parameters: @bot_id, @run_no; @in_doubt repeat | ask | giveUp; @repeat_after_ms; @request_timeout_ms. Result: orphaned; judged_at, when the last of
-- the rows that are still sending can be judged, or null; to_repeat. All zero without the lock. Locks: the bot's open deliveries that change.
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
  SELECT @orphaned = 0, @to_repeat = 0;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 1
  BEGIN
    SET @proof = DATEADD(ms, -(15000 + @request_timeout_ms), @now);
    UPDATE a SET finished_utc = @now, outcome = 'in_doubt', code = 'orphan'
    FROM tgn.attempt a JOIN tgn.run r ON r.run_no = a.run_no
    WHERE a.finished_utc IS NULL AND a.bot_id = @bot_id AND a.run_no <> @run_no
      AND a.started_utc <= @proof AND COALESCE(r.finished_utc, r.heartbeat_utc) <= @proof;
    UPDATE d SET state = 'in_doubt', reason = 'orphan', tries = d.tries + 1, changed_utc = @now
    FROM tgn.delivery d JOIN tgn.run r ON r.run_no = d.run_no
    WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no <> @run_no
      AND d.changed_utc <= @proof AND COALESCE(r.finished_utc, r.heartbeat_utc) <= @proof;
    SET @orphaned = @@ROWCOUNT;
    SELECT @judged_at = DATEADD(ms, 15000 + @request_timeout_ms,
      MAX(CASE WHEN d.changed_utc > COALESCE(r.finished_utc, r.heartbeat_utc) THEN d.changed_utc ELSE COALESCE(r.finished_utc, r.heartbeat_utc) END))
    FROM tgn.delivery d JOIN tgn.run r ON r.run_no = d.run_no
    WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no <> @run_no;
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
  SELECT @orphaned AS orphaned, @judged_at AS judged_at, @to_repeat AS to_repeat;
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

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE m SET noted = n.noted FROM tgn.note_mirror m JOIN @notes n ON n.customer_id = m.customer_id WHERE m.bot_id = @bot_id;
  INSERT INTO tgn.note_mirror (bot_id, customer_id, noted)
  SELECT @bot_id, n.customer_id, n.noted FROM @notes n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.note_mirror m WHERE m.bot_id = @bot_id AND m.customer_id = n.customer_id);
  UPDATE s SET chat_id = n.chat_id, state = n.state, origin = n.origin, epoch = n.epoch, changed_utc = @now
  FROM tgn.subscription s JOIN @notes n ON n.customer_id = s.customer_id
  WHERE s.bot_id = @bot_id AND n.state IS NOT NULL;
  INSERT INTO tgn.subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc)
  SELECT @bot_id, n.customer_id, n.chat_id, n.state, n.origin, n.epoch, @now FROM @notes n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.subscription s WHERE s.bot_id = @bot_id AND s.customer_id = n.customer_id) AND n.state IS NOT NULL;
  DECLARE @changed tgn.id_list_1;
  INSERT INTO @changed (id) SELECT customer_id FROM @notes;
  EXEC tgn.want_notes @bot_id, @changed;
  COMMIT TRANSACTION;
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
  UPDATE c SET language = n.language FROM tgn.chat c JOIN @chats n ON n.chat_id = c.chat_id WHERE c.bot_id = @bot_id;
  INSERT INTO tgn.chat (bot_id, chat_id, language)
  SELECT @bot_id, n.chat_id, n.language FROM @chats n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.chat c WHERE c.bot_id = @bot_id AND c.chat_id = n.chat_id);
  UPDATE s SET chat_id = n.chat_id, state = n.state, origin = n.origin, epoch = n.epoch, changed_utc = @now
  FROM tgn.subscription s JOIN @subscriptions n ON n.customer_id = s.customer_id
  WHERE s.bot_id = @bot_id;
  INSERT INTO tgn.subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc)
  SELECT @bot_id, n.customer_id, n.chat_id, n.state, n.origin, n.epoch, @now FROM @subscriptions n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.subscription s WHERE s.bot_id = @bot_id AND s.customer_id = n.customer_id);
  DECLARE @changed tgn.id_list_1;
  INSERT INTO @changed (id) SELECT customer_id FROM @subscriptions;
  EXEC tgn.want_notes @bot_id, @changed;
  -- A page that Telegram hands out twice is refused once.
  INSERT INTO tgn.refused_link (bot_id, chat_id, update_id, reason, customer_id, at_utc)
  SELECT @bot_id, r.chat_id, r.update_id, r.reason, r.customer_id, @now FROM @refused r
  WHERE NOT EXISTS (SELECT 1 FROM tgn.refused_link k WHERE k.bot_id = @bot_id AND k.update_id = r.update_id)
  ORDER BY r.update_id;
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;
  SELECT 'saved' AS answer;
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

PRINT N'script/version.sql';
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
-- The version's row comes last: before it, the ledger isn't installed.
IF NOT EXISTS (SELECT 1 FROM tgn.ledger_schema WHERE version = 1)
  INSERT INTO tgn.ledger_schema (version, installed_utc) SELECT 1, now_utc FROM tgn.clock;
INSERT INTO #tgn_step (step, did) SELECT N'ledger', CASE WHEN did = 1 THEN 0 ELSE 1 END FROM #tgn_step WHERE step = N'was';
DELETE FROM #tgn_step WHERE step = N'was';
COMMIT TRANSACTION;
GO

PRINT N'task/read_log.sql';
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
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
        WHEN 1 THEN (NCHAR(1054) + NCHAR(1096) + NCHAR(1080) + NCHAR(1073) + NCHAR(1082) + NCHAR(1072) + N' ' + NCHAR(1074) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1086) + NCHAR(1075) + NCHAR(1088) + NCHAR(1072) + NCHAR(1084) + NCHAR(1084) + NCHAR(1077) + N'; ' + NCHAR(1089) + NCHAR(1084) + N'. ' + NCHAR(1077) + NCHAR(1105) + N' ' + NCHAR(1078) + NCHAR(1091) + NCHAR(1088) + NCHAR(1085) + NCHAR(1072) + NCHAR(1083))
        WHEN 2 THEN (NCHAR(1054) + NCHAR(1096) + NCHAR(1080) + NCHAR(1073) + NCHAR(1082) + NCHAR(1072) + N' ' + NCHAR(1074) + N' ' + NCHAR(1085) + NCHAR(1072) + NCHAR(1089) + NCHAR(1090) + NCHAR(1088) + NCHAR(1086) + NCHAR(1081) + NCHAR(1082) + NCHAR(1072) + NCHAR(1093) + N'; ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' tp-tg-notify settings show')
        WHEN 4 THEN (NCHAR(1045) + NCHAR(1089) + NCHAR(1090) + NCHAR(1100) + N' ' + NCHAR(1091) + NCHAR(1074) + NCHAR(1077) + NCHAR(1076) + NCHAR(1086) + NCHAR(1084) + NCHAR(1083) + NCHAR(1077) + NCHAR(1085) + NCHAR(1080) + NCHAR(1103) + N' ' + NCHAR(1089) + N' ' + NCHAR(1085) + NCHAR(1077) + NCHAR(1080) + NCHAR(1079) + NCHAR(1074) + NCHAR(1077) + NCHAR(1089) + NCHAR(1090) + NCHAR(1085) + NCHAR(1099) + NCHAR(1084) + N' ' + NCHAR(1080) + NCHAR(1089) + NCHAR(1093) + NCHAR(1086) + NCHAR(1076) + NCHAR(1086) + NCHAR(1084) + N' ' + NCHAR(1080) + NCHAR(1083) + NCHAR(1080) + N' ' + NCHAR(1086) + NCHAR(1090) + NCHAR(1082) + NCHAR(1072) + NCHAR(1079) + NCHAR(1099) + N' ' + NCHAR(1087) + NCHAR(1086) + N' ' + NCHAR(1085) + NCHAR(1072) + NCHAR(1096) + NCHAR(1077) + NCHAR(1081) + N' ' + NCHAR(1074) + NCHAR(1080) + NCHAR(1085) + NCHAR(1077) + N'; ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' tp-tg-notify status')
        WHEN 5 THEN (NCHAR(1059) + NCHAR(1095) + NCHAR(1105) + NCHAR(1090) + NCHAR(1085) + NCHAR(1072) + NCHAR(1103) + N' ' + NCHAR(1079) + NCHAR(1072) + NCHAR(1087) + NCHAR(1080) + NCHAR(1089) + NCHAR(1100) + N' ' + NCHAR(1085) + NCHAR(1077) + NCHAR(1087) + NCHAR(1088) + NCHAR(1080) + NCHAR(1075) + NCHAR(1086) + NCHAR(1076) + NCHAR(1085) + NCHAR(1072) + N': ' + NCHAR(1090) + NCHAR(1086) + NCHAR(1082) + NCHAR(1077) + NCHAR(1085) + N', ' + NCHAR(1096) + NCHAR(1083) + NCHAR(1102) + NCHAR(1079) + N' ' + NCHAR(1057) + NCHAR(1052) + NCHAR(1057) + N', ' + NCHAR(1074) + NCHAR(1077) + NCHAR(1073) + NCHAR(1093) + NCHAR(1091) + NCHAR(1082) + N' ' + NCHAR(1080) + NCHAR(1083) + NCHAR(1080) + N' ' + NCHAR(1074) + NCHAR(1090) + NCHAR(1086) + NCHAR(1088) + NCHAR(1086) + NCHAR(1081) + N' ' + NCHAR(1095) + NCHAR(1080) + NCHAR(1090) + NCHAR(1072) + NCHAR(1090) + NCHAR(1077) + NCHAR(1083) + NCHAR(1100) + N' ' + NCHAR(1073) + NCHAR(1086) + NCHAR(1090) + NCHAR(1072) + N'; ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' tp-tg-notify status')
        WHEN 6 THEN (NCHAR(1057) + NCHAR(1093) + NCHAR(1077) + NCHAR(1084) + NCHAR(1072) + N' ' + NCHAR(1078) + NCHAR(1091) + NCHAR(1088) + NCHAR(1085) + NCHAR(1072) + NCHAR(1083) + NCHAR(1072) + N' ' + NCHAR(1080) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1086) + NCHAR(1075) + NCHAR(1088) + NCHAR(1072) + NCHAR(1084) + NCHAR(1084) + NCHAR(1072) + N' ' + NCHAR(1085) + NCHAR(1077) + N' ' + NCHAR(1087) + NCHAR(1086) + NCHAR(1076) + NCHAR(1093) + NCHAR(1086) + NCHAR(1076) + NCHAR(1103) + NCHAR(1090) + N' ' + NCHAR(1076) + NCHAR(1088) + NCHAR(1091) + NCHAR(1075) + N' ' + NCHAR(1076) + NCHAR(1088) + NCHAR(1091) + NCHAR(1075) + NCHAR(1091) + N'; ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' tp-tg-notify upgrade')
        WHEN 7 THEN (NCHAR(1069) + NCHAR(1090) + NCHAR(1086) + N' ' + NCHAR(1082) + NCHAR(1086) + NCHAR(1087) + NCHAR(1080) + NCHAR(1103) + N' ' + NCHAR(1073) + NCHAR(1072) + NCHAR(1079) + NCHAR(1099) + N' ' + NCHAR(1080) + NCHAR(1083) + NCHAR(1080) + N' ' + NCHAR(1073) + NCHAR(1072) + NCHAR(1079) + NCHAR(1072) + N' ' + NCHAR(1074) + NCHAR(1077) + NCHAR(1088) + NCHAR(1085) + NCHAR(1091) + NCHAR(1083) + NCHAR(1072) + NCHAR(1089) + NCHAR(1100) + N' ' + NCHAR(1074) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1086) + NCHAR(1096) + NCHAR(1083) + NCHAR(1086) + NCHAR(1077) + N'; ' + NCHAR(1089) + NCHAR(1084) + N'. tp-tg-notify bind')
        WHEN 8 THEN (N'Telegram ' + NCHAR(1080) + NCHAR(1083) + NCHAR(1080) + N' ' + NCHAR(1096) + NCHAR(1083) + NCHAR(1102) + NCHAR(1079) + N' ' + NCHAR(1057) + NCHAR(1052) + NCHAR(1057) + N' ' + NCHAR(1085) + NCHAR(1077) + NCHAR(1076) + NCHAR(1086) + NCHAR(1089) + NCHAR(1090) + NCHAR(1091) + NCHAR(1087) + NCHAR(1085) + NCHAR(1099) + N'; ' + NCHAR(1091) + NCHAR(1074) + NCHAR(1077) + NCHAR(1076) + NCHAR(1086) + NCHAR(1084) + NCHAR(1083) + NCHAR(1077) + NCHAR(1085) + NCHAR(1080) + NCHAR(1103) + N' ' + NCHAR(1078) + NCHAR(1076) + NCHAR(1091) + NCHAR(1090) + N' ' + NCHAR(1080) + N' ' + NCHAR(1091) + NCHAR(1081) + NCHAR(1076) + NCHAR(1091) + NCHAR(1090) + N' ' + NCHAR(1089) + NCHAR(1072) + NCHAR(1084) + NCHAR(1080))
        WHEN 9 THEN (NCHAR(1057) + NCHAR(1088) + NCHAR(1072) + NCHAR(1073) + NCHAR(1086) + NCHAR(1090) + NCHAR(1072) + NCHAR(1083) + NCHAR(1086) + N' ' + NCHAR(1086) + NCHAR(1075) + NCHAR(1088) + NCHAR(1072) + NCHAR(1085) + NCHAR(1080) + NCHAR(1095) + NCHAR(1077) + NCHAR(1085) + NCHAR(1080) + NCHAR(1077) + N'; ' + NCHAR(1074) + NCHAR(1099) + NCHAR(1087) + NCHAR(1086) + NCHAR(1083) + NCHAR(1085) + NCHAR(1080) + NCHAR(1090) + NCHAR(1077) + N' tp-tg-notify status')
        ELSE (NCHAR(1047) + NCHAR(1072) + NCHAR(1087) + NCHAR(1091) + NCHAR(1089) + NCHAR(1082) + N' ' + NCHAR(1087) + NCHAR(1088) + NCHAR(1077) + NCHAR(1088) + NCHAR(1074) + NCHAR(1072) + NCHAR(1085)) END AS message
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

PRINT N'task/save_parameters.sql';
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
-- Keeps a task's parameters, as a new version where they differ from the newest one. Parameters: @task_id, Tillypad's id of the task;
-- @parameters, a JSON object of texts: {"BotToken":"...","StartDate":"2026-11-01"}. No result. Locks: the new row.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.save_parameters', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.save_parameters AS RETURN');
GO
ALTER PROCEDURE tgn_task.save_parameters
  @task_id nvarchar(100),
  @parameters nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    DECLARE @version int, @newest nvarchar(max);
    IF @task_id IS NULL OR @parameters IS NULL RETURN;
    SELECT TOP (1) @version = version, @newest = parameters FROM tgn.task_parameters
    WHERE task_id = CAST(LEFT(LOWER(@task_id), 100) AS varchar(100)) ORDER BY version DESC;
    IF @newest = @parameters COLLATE Latin1_General_BIN2 RETURN;
    INSERT INTO tgn.task_parameters (task_id, version, saved_utc, parameters)
    SELECT CAST(LEFT(LOWER(@task_id), 100) AS varchar(100)), COALESCE(@version, 0) + 1, now_utc, @parameters FROM tgn.clock;
  END TRY
  BEGIN CATCH
    -- The next event saves them.
    RETURN;
  END CATCH;
END;
GO

PRINT N'task/start.sql';
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
-- Starts the program in the way that the administrator chose (tgn_admin.choose_start), and returns at once whatever comes of it: the word that
-- was left before is found by the next scheduled run at the latest. What a run came to stands in tgn.run. Parameter: @task_id, for what may come. No result. Takes no lock.
-- agent: a procedure in msdb that starts the one job, unless it runs. schtasks: a scheduled task of Windows; never the program itself, which would
-- run inside the till's transaction. Anything else: nothing.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.start', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.start AS RETURN');
GO
ALTER PROCEDURE tgn_task.start
  @task_id nvarchar(100) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    DECLARE @way nvarchar(400), @name nvarchar(400), @command varchar(500);
    SELECT @way = value FROM tgn.site WITH (READCOMMITTEDLOCK, READPAST) WHERE name = 'start_way';
    SELECT @name = value FROM tgn.site WITH (READCOMMITTEDLOCK, READPAST) WHERE name = 'start_name';
    IF @way = N'agent' EXEC msdb.dbo.tgn_start;
    IF @way = N'schtasks' AND LEN(@name) BETWEEN 1 AND 100 AND @name NOT LIKE N'%[^-_a-zA-Z0-9]%'
    BEGIN
      SET @command = 'schtasks /run /tn ' + CAST(@name AS varchar(100));
      EXEC master.dbo.xp_cmdshell @command, no_output;
    END;
  END TRY
  BEGIN CATCH
    RETURN;
  END CATCH;
END;
GO

PRINT N'task/wake.sql';
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
-- Leaves a word: something has happened, look. Parameters: @task_id, Tillypad's id of the task; @bot, the number before the colon of the bot's
-- token: without it, every bot that knows the task. No result. Locks: the new row.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.wake', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.wake AS RETURN');
GO
ALTER PROCEDURE tgn_task.wake
  @task_id nvarchar(100),
  @bot nvarchar(100) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    DECLARE @id varchar(100);
    SET @id = CAST(LEFT(LOWER(@task_id), 100) AS varchar(100));
    IF @id IS NULL RETURN;
    IF LEN(@bot) BETWEEN 1 AND 18 AND @bot NOT LIKE N'%[^0-9]%'
      INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc) SELECT CAST(@bot AS bigint), @id, 'event', now_utc FROM tgn.clock;
    ELSE
      INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc)
      SELECT t.bot_id, @id, 'event', c.now_utc FROM tgn.task t WITH (READCOMMITTEDLOCK, READPAST) CROSS JOIN tgn.clock c WHERE t.task_id = @id;
  END TRY
  BEGIN CATCH
    -- Without the word the schedule finds the operation.
    RETURN;
  END CATCH;
END;
GO

PRINT N'roles.sql';
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
-- Roles hold EXECUTE on schemas and nothing else; whoever is in none of them has no right here. The procedures read Tillypad's tables by their
-- owner's right, not by their caller's.
IF DATABASE_PRINCIPAL_ID(N'tgn_runner') IS NULL CREATE ROLE tgn_runner;
IF DATABASE_PRINCIPAL_ID(N'tgn_tasks') IS NULL CREATE ROLE tgn_tasks;
IF DATABASE_PRINCIPAL_ID(N'tgn_administrator') IS NULL CREATE ROLE tgn_administrator;
IF DATABASE_PRINCIPAL_ID(N'tgn_reader') IS NULL CREATE ROLE tgn_reader;
GO
GRANT EXECUTE ON SCHEMA::tgn TO tgn_runner;
GO
GRANT EXECUTE ON SCHEMA::tgn_task TO tgn_tasks;
GO
GRANT EXECUTE ON SCHEMA::tgn TO tgn_administrator;
GO
GRANT EXECUTE ON SCHEMA::tgn_admin TO tgn_administrator;
GO
GRANT EXECUTE ON SCHEMA::tgn_report TO tgn_reader;
GO
GRANT EXECUTE ON SCHEMA::tgn_report TO tgn_administrator;
GO
-- Without it every member of db_datareader reads tokens that tasks have saved, and every member of db_datawriter writes deliveries.
IF @@VERSION NOT LIKE N'Babelfish%' EXEC (N'DENY SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::tgn TO public');
GO

PRINT N'script/end.sql';
GO
SET ANSI_NULLS, QUOTED_IDENTIFIER, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
GO
-- What was done.
PRINT (NCHAR(1043) + NCHAR(1086) + NCHAR(1090) + NCHAR(1086) + NCHAR(1074) + NCHAR(1086) + N' / Done.');
SELECT step, did FROM #tgn_step ORDER BY no;
GO

SET NOEXEC OFF;
GO
