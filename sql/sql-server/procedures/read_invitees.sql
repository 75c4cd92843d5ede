-- One page of the customers who ask for an invitation and whom nobody has weighed. Parameters: the bot and its task; the customers that are meant; the
-- place where the last page ended (@after, null = from the start) and the page's size; what read_persons needs. Result: total, counted where
-- @counts is 1, and next, the page's last customer where there are more; then show_invitees' sets. Pages go by the customer, so that what is saved
-- of one page doesn't move the next. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.read_invitees;
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
