-- One page of what a look would do, each operation as it is now. Parameters: candidate's, the place where the last page ended, the page's
-- size, what the balance of planned rows means (after | current | off). Result: the rows in the order of (date, id): id, customer_id,
-- account_type_id, account_type, date, sum, document, description, division, return_of, balance, customer_name, group_id, group_name, chat_id,
-- language, verdict; then whether there is another page and where it begins: more, next_date, next_id; then the groups above the guests',
-- the nearest first: group_id, ancestor_id. Locks: as candidate.
DROP PROCEDURE IF EXISTS tgn.preview;
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
