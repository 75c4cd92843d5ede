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

-- What probing found on this site: 'phones' = 'child' and the like. Only install writes it; the run reads it with its procedures' rights.
IF OBJECT_ID(N'tgn.site', N'U') IS NULL
  CREATE TABLE tgn.site (
    name varchar(60) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT pk_site PRIMARY KEY CLUSTERED,
    value nvarchar(400) COLLATE Latin1_General_BIN2 NULL,
    -- Of a view's text as this script made it, so that an administrator's own is known by its difference.
    hash varbinary(32) NULL
  );
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

-- Attempts before a delivery's last one: a row only for what was tried more than once.
IF OBJECT_ID(N'tgn.earlier_attempt', N'U') IS NULL
  CREATE TABLE tgn.earlier_attempt (
    delivery_no bigint NOT NULL,
    attempt_no bigint NOT NULL,
    CONSTRAINT pk_earlier_attempt PRIMARY KEY CLUSTERED (delivery_no, attempt_no)
  );
GO

-- The one place from which every procedure reads the time, so that a test can put its own in place. now_utc: UTC; wall_now: the server's
-- wall clock, in which operations are dated.
IF OBJECT_ID(N'tgn.clock', N'V') IS NULL
  EXEC (N'CREATE VIEW tgn.clock AS SELECT CAST(SYSUTCDATETIME() AS datetime2(3)) AS now_utc, GETDATE() AS wall_now');
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
