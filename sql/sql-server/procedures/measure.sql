-- Counts what a look would do, without planning anything. Parameters: candidate's, the digest's gap in milliseconds (at most a day), the brake's
-- cut. Result: a row a verdict: verdict, n, notices, oldest, customers, old_notices.
-- A notice is a run of one customer's planned operations, each at most the gap after the one before. One that begins before the cut counts as
-- old: with its fresh operations planned alone, what remains of it is a message about old ones. Locks: as candidate.
DROP PROCEDURE IF EXISTS tgn.measure;
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
  @version_low datetime,
  @gap_ms int,
  @brake_before datetime
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
  DECLARE @version bigint, @locked int;
  CREATE TABLE #candidate (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL
  );
  EXEC tgn.candidate @bot_id, @task_id, @low, @last, NULL, NULL, 2147483647, @revive, @mark_only, @old_before, @late_before,
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @types, @all_types, @groups, @all_groups, @only_customers,
    @any_customer, @only_operations, @any_operation, @version_low, @version OUTPUT, @locked OUTPUT;

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
