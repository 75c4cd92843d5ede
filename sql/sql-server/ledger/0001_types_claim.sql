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
IF TYPE_ID(N'tgn.released_list_1') IS NULL
  CREATE TYPE tgn.released_list_1 AS TABLE (attempt_no bigint NOT NULL, delivery_no bigint NOT NULL, PRIMARY KEY (attempt_no, delivery_no));
GO
