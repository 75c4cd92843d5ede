-- Which of a task's filters let an operation through, each by itself and as candidate judges it; a test holds the two against each other.
-- Parameters: the bot and its task, the operation, the filters. Result: one row of bits: live, account_type, customer_group, sign, threshold,
-- start_date, admitted; none where there is no such operation. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.judge_filters;
GO
CREATE PROCEDURE tgn.judge_filters
  @bot_id bigint,
  @task_id varchar(100),
  @operation_id uniqueidentifier,
  @sign varchar(10),
  @threshold decimal(18, 4),
  @start_date datetime,
  @account_types tgn.id_list_1 READONLY,
  @all_types bit,
  @customer_groups tgn.id_list_1 READONLY,
  @all_groups bit
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @types tgn.id_list_1;
  DECLARE @groups tgn.id_list_1;
  INSERT INTO @types (id) SELECT id FROM @account_types;
  INSERT INTO @groups (id) SELECT id FROM @customer_groups;
  DECLARE @types_since datetime, @groups_since datetime, @date datetime, @sum decimal(18, 4), @type uniqueidentifier, @customer uniqueidentifier;
  DECLARE @live bit, @group uniqueidentifier, @type_chosen bit, @group_chosen bit, @type_admitted bit, @group_admitted bit;
  CREATE TABLE #chosen_type (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  CREATE TABLE #chosen_group (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  SELECT @date = date, @sum = sum, @type = account_type_id, @customer = customer_id FROM tgn.operation WHERE operation_id = @operation_id;
  IF @date IS NULL RETURN;
  SET @live = 0;
  SELECT @live = live, @group = group_id FROM tgn.customer WHERE customer_id = @customer;

  EXEC tgn.choose @bot_id, @task_id, 0, @types, @all_types, @groups, @all_groups, @types_since OUTPUT, @groups_since OUTPUT;
  SET @type_chosen = CASE WHEN @types_since <= @date OR EXISTS (SELECT 1 FROM #chosen_type WHERE item_id = @type AND since <= @date) THEN 1 ELSE 0 END;
  SET @group_chosen = CASE WHEN @groups_since <= @date OR EXISTS (SELECT 1 FROM #chosen_group WHERE item_id = @group AND since <= @date) THEN 1 ELSE 0 END;
  DELETE FROM #chosen_type;
  DELETE FROM #chosen_group;
  EXEC tgn.choose @bot_id, @task_id, 1, @types, @all_types, @groups, @all_groups, @types_since OUTPUT, @groups_since OUTPUT;
  SET @type_admitted = CASE WHEN @types_since <= @date OR EXISTS (SELECT 1 FROM #chosen_type WHERE item_id = @type AND since <= @date) THEN 1 ELSE 0 END;
  SET @group_admitted = CASE WHEN @groups_since <= @date OR EXISTS (SELECT 1 FROM #chosen_group WHERE item_id = @group AND since <= @date) THEN 1 ELSE 0 END;

  SELECT @live AS live, @type_chosen AS account_type, @group_chosen AS customer_group,
    CAST(CASE WHEN @sign = 'any' OR (@sign = 'credit' AND @sum > 0) OR (@sign = 'debit' AND @sum < 0) THEN 1 ELSE 0 END AS bit) AS sign,
    CAST(CASE WHEN ABS(@sum) >= @threshold THEN 1 ELSE 0 END AS bit) AS threshold,
    CAST(CASE WHEN @start_date IS NULL OR @date >= @start_date THEN 1 ELSE 0 END AS bit) AS start_date,
    -- Before the first run of a task nothing is recorded, and nothing is left out for that. Of what isn't chosen at all, another filter tells.
    CAST(CASE
      WHEN NOT EXISTS (SELECT 1 FROM tgn.admitted WHERE bot_id = @bot_id AND task_id = @task_id) THEN 1
      WHEN @type_admitted >= @type_chosen AND @group_admitted >= @group_chosen THEN 1
      ELSE 0
    END AS bit) AS admitted;
END;
GO
