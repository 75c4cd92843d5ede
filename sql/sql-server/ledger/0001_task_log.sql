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

IF OBJECT_ID(N'tgn.task_told', N'U') IS NULL
  CREATE TABLE tgn.task_told (
    message_no bigint NOT NULL,
    task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL,
    told_utc datetime2(3) NOT NULL,
    CONSTRAINT pk_task_told PRIMARY KEY CLUSTERED (message_no, task_id)
  );
GO

-- One row, or none before anybody chose, which is like none.
IF OBJECT_ID(N'tgn.start_way', N'U') IS NULL
  CREATE TABLE tgn.start_way (
    only_row tinyint NOT NULL CONSTRAINT pk_start_way PRIMARY KEY CLUSTERED CONSTRAINT ck_start_way_only CHECK (only_row = 1),
    way varchar(20) COLLATE Latin1_General_BIN2 NOT NULL CONSTRAINT ck_start_way CHECK (way IN ('agent', 'xp_cmdshell', 'none')),
    changed_utc datetime2(3) NOT NULL
  );
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
