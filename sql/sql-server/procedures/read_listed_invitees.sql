-- One page of list_invitees' customers as they are now. Parameters: the bot; the customers of the page; what read_persons needs. Result:
-- show_invitees' sets. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.read_listed_invitees;
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
