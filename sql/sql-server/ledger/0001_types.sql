-- Table types: how a set comes in as one parameter. A type can't be altered while a procedure names it, so a changed one gets the next number
-- and the old one stays until the release after. Types of single calls stand with their own shape; the lists serve everybody.

IF TYPE_ID(N'tgn.id_list_1') IS NULL
  CREATE TYPE tgn.id_list_1 AS TABLE (id uniqueidentifier NOT NULL PRIMARY KEY);
GO

-- Codes and numbers-as-text: task ids, chat ids.
IF TYPE_ID(N'tgn.text_list_1') IS NULL
  CREATE TYPE tgn.text_list_1 AS TABLE (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
GO

-- Row numbers of our own tables.
IF TYPE_ID(N'tgn.number_list_1') IS NULL
  CREATE TYPE tgn.number_list_1 AS TABLE (no bigint NOT NULL PRIMARY KEY);
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

IF TYPE_ID(N'tgn.chat_list_1') IS NULL
  CREATE TYPE tgn.chat_list_1 AS TABLE (
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY,
    language varchar(5) COLLATE Latin1_General_BIN2 NULL
  );
GO

IF TYPE_ID(N'tgn.refused_list_1') IS NULL
  CREATE TYPE tgn.refused_list_1 AS TABLE (
    update_id bigint NOT NULL PRIMARY KEY,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL,
    customer_id uniqueidentifier NULL
  );
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
