-- Everybody whom a dry run would weigh: who asks in the ledger, and whom the look would plan as not subscribed. Parameters: candidate's; the place
-- where a limit of notices stops the plan (@before_date, @before_id: that row and those after it stay unplanned; null = nothing stops it); the
-- customers that are meant of those who ask. Result: customer_id, operation_id (the newest that asks), date, operations; in the order of ids.
-- The program keeps the list and reads the customers page by page (read_listed_invitees): so the look is judged once. Locks: as candidate.
DROP PROCEDURE IF EXISTS tgn.list_invitees;
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
