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
    -- 1: accepted, and its fate isn't known yet. A filter can't say «status pending, unknown or none».
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
IF TYPE_ID(N'tgn.status_list_1') IS NULL
  CREATE TYPE tgn.status_list_1 AS TABLE (
    invitation_no bigint NOT NULL PRIMARY KEY,
    gateway_id nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
    status varchar(20) COLLATE Latin1_General_BIN2 NOT NULL,
    code nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
    cost varchar(30) COLLATE Latin1_General_BIN2 NULL
  );
GO
