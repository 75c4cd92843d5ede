-- What a look may tell about, by account type and by customer group: the task's filters and, with @admitted_only, since when each is chosen
-- (a type or a group that was added to a task is told about from then on). The caller makes the two tables that it fills: #chosen_type and
-- #chosen_group (item_id, since), keyed, so that the select over operations asks once a row instead of walking the tree of groups.
-- Parameters: the bot and its task; the choice, or all. @types_since, @groups_since: since when everything of the kind is told about; null
-- where it isn't. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.choose;
GO
CREATE PROCEDURE tgn.choose
  @bot_id bigint,
  @task_id varchar(100),
  @admitted_only bit,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit,
  @types_since datetime OUTPUT,
  @groups_since datetime OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #tree (group_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #recorded (kind varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, item_id uniqueidentifier NOT NULL, since datetime NOT NULL);
  SET @types_since = NULL;
  SET @groups_since = NULL;

  IF @all_groups = 0
    INSERT INTO #tree (group_id)
    SELECT DISTINCT g.group_id FROM @customer_groups w JOIN tgn.customer_group g ON g.ancestor_id = w.id;

  IF @admitted_only = 0
  BEGIN
    INSERT INTO #chosen_type (item_id, since) SELECT id, '17530101' FROM @account_types WHERE @all_types = 0;
    INSERT INTO #chosen_group (item_id, since) SELECT group_id, '17530101' FROM #tree;
    IF @all_types = 1 SET @types_since = '17530101';
    IF @all_groups = 1 SET @groups_since = '17530101';
    RETURN;
  END;

  INSERT INTO #recorded (kind, item_id, since)
  SELECT a.kind, CONVERT(uniqueidentifier, CASE WHEN a.item_id <> '*' THEN a.item_id END), a.since FROM tgn.admitted a
  WHERE a.bot_id = @bot_id AND a.task_id = @task_id AND a.item_id <> '*';
  SELECT @types_since = since FROM tgn.admitted WHERE bot_id = @bot_id AND task_id = @task_id AND kind = 'account_type' AND item_id = '*';
  SELECT @groups_since = since FROM tgn.admitted WHERE bot_id = @bot_id AND task_id = @task_id AND kind = 'customer_group' AND item_id = '*';

  -- When everything is chosen, what was chosen before everything was keeps its own, earlier time. A group is admitted by itself, by any group
  -- above it, or by everything, whichever came first.
  INSERT INTO #chosen_type (item_id, since)
  SELECT c.item_id, MIN(c.since)
  FROM (
    SELECT r.item_id, r.since FROM #recorded r
    WHERE r.kind = 'account_type' AND (@all_types = 1 OR EXISTS (SELECT 1 FROM @account_types w WHERE w.id = r.item_id))
    UNION ALL
    SELECT w.id, @types_since FROM @account_types w WHERE @all_types = 0 AND @types_since IS NOT NULL
  ) c
  GROUP BY c.item_id;
  INSERT INTO #chosen_group (item_id, since)
  SELECT c.item_id, MIN(c.since)
  FROM (
    SELECT g.group_id AS item_id, r.since FROM #recorded r JOIN tgn.customer_group g ON g.ancestor_id = r.item_id
    WHERE r.kind = 'customer_group' AND (@all_groups = 1 OR EXISTS (SELECT 1 FROM #tree t WHERE t.group_id = g.group_id))
    UNION ALL
    SELECT t.group_id, @groups_since FROM #tree t WHERE @groups_since IS NOT NULL
  ) c
  GROUP BY c.item_id;
  IF @all_types = 0 SET @types_since = NULL;
  IF @all_groups = 0 SET @groups_since = NULL;
END;
GO
