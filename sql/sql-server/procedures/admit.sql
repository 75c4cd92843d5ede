-- Since when each chosen account type and group is told about (rule: what is added to a choice counts from the run that adds it; a choice that
-- becomes narrower keeps its time, and so does what a wider one still covers). Parameters: @bot_id, @run_no, @task_id; @account_types and
-- @customer_groups, lower-case GUID text, or '*' alone for all; @first, wall clock for a task's very first choice; @opened, for what is added later.
-- Result: answer saved | lock_lost. Locks: the task's rows in tgn.admitted, which are few.
DROP PROCEDURE IF EXISTS tgn.admit;
GO
CREATE PROCEDURE tgn.admit
  @bot_id bigint,
  @run_no int,
  @task_id varchar(100),
  @account_types tgn.text_list_1 READONLY,
  @customer_groups tgn.text_list_1 READONLY,
  @first varchar(23),
  @opened varchar(23)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- Pairs of groups of which the one stands above the other, of the groups at hand alone; read before the transaction begins.
  CREATE TABLE #chosen (kind varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, item_id varchar(36) COLLATE Latin1_General_BIN2 NOT NULL, PRIMARY KEY (kind, item_id));
  CREATE TABLE #cover (above varchar(36) COLLATE Latin1_General_BIN2 NOT NULL, below varchar(36) COLLATE Latin1_General_BIN2 NOT NULL, PRIMARY KEY (above, below));
  INSERT INTO #chosen (kind, item_id) SELECT 'account_type', item FROM @account_types UNION ALL SELECT 'customer_group', item FROM @customer_groups;
  INSERT INTO #cover (above, below)
  SELECT DISTINCT LOWER(CAST(g.ancestor_id AS char(36))) COLLATE Latin1_General_BIN2, LOWER(CAST(g.group_id AS char(36))) COLLATE Latin1_General_BIN2
  FROM tgn.customer_group g
  WHERE g.ancestor_id <> g.group_id
  OPTION (MAXDOP 1);
  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  CREATE TABLE #recorded (
    kind varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, item_id varchar(36) COLLATE Latin1_General_BIN2 NOT NULL, since datetime NOT NULL,
    PRIMARY KEY (kind, item_id)
  );
  INSERT INTO #recorded (kind, item_id, since)
  SELECT kind, item_id, since FROM tgn.admitted WHERE bot_id = @bot_id AND task_id = @task_id;
  DELETE a FROM tgn.admitted a
  WHERE a.bot_id = @bot_id AND a.task_id = @task_id AND NOT EXISTS (
    SELECT 1 FROM #chosen c
    WHERE c.kind = a.kind AND (c.item_id = a.item_id OR c.item_id = '*'
      OR (a.kind = 'customer_group' AND EXISTS (SELECT 1 FROM #cover v WHERE v.above = c.item_id AND v.below = a.item_id)))
  );
  INSERT INTO tgn.admitted (bot_id, task_id, kind, item_id, since)
  SELECT @bot_id, @task_id, c.kind, c.item_id, COALESCE(
    (SELECT MIN(r.since) FROM #recorded r
     WHERE r.kind = c.kind AND (r.item_id = '*'
       OR (c.kind = 'customer_group' AND EXISTS (SELECT 1 FROM #cover v WHERE v.above = r.item_id AND v.below = c.item_id)))),
    CASE WHEN EXISTS (SELECT 1 FROM #recorded r WHERE r.kind = c.kind) THEN CONVERT(datetime, @opened, 121) ELSE CONVERT(datetime, @first, 121) END)
  FROM #chosen c
  WHERE NOT EXISTS (SELECT 1 FROM #recorded r WHERE r.kind = c.kind AND r.item_id = c.item_id);
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
