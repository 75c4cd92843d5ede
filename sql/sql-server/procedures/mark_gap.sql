-- Marks operations of the stretch that a restored database has lost as told, one page a call and a transaction: those since the newest run that
-- the ledger knows (an operation may be committed up to 15 minutes after its date), all where it knows none, and none that the ledger has. Dates
-- after the server's own time too: the lost run may have told them, and the clock that it went by may have been ahead of this one.
-- Parameters: the bot; @from, where the page begins (null: the stretch); @rows, its size, which operations of one date may exceed.
-- Result: n, how many were marked; next_from, null at the end. Locks: the rows added; Tillypad's only while each is read.
DROP PROCEDURE IF EXISTS tgn_admin.mark_gap;
GO
CREATE PROCEDURE tgn_admin.mark_gap
  @bot_id bigint,
  @from datetime,
  @rows int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @wall datetime, @started datetime, @edge datetime, @read int, @task_no int, @n int;
  CREATE TABLE #page (operation_id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, date datetime NOT NULL);
  SELECT @now = now_utc, @wall = wall_now FROM tgn.clock;
  IF @from IS NULL
  BEGIN
    SELECT TOP (1) @started = started_utc FROM tgn.run WHERE bot_id = @bot_id ORDER BY run_no DESC;
    -- From UTC to the server's wall clock, by how far apart they are now.
    SET @from = COALESCE(DATEADD(minute, DATEDIFF(minute, CAST(@now AS datetime), @wall) - 15, @started), '17530101');
  END;
  INSERT INTO #page (operation_id, customer_id, date)
  SELECT TOP (@rows) o.operation_id, o.customer_id, o.date FROM tgn.operation o
  WHERE o.date >= @from ORDER BY o.date
  OPTION (MAXDOP 1);
  SET @read = @@ROWCOUNT;
  SELECT @edge = MAX(date) FROM #page;
  IF @read = @rows
    INSERT INTO #page (operation_id, customer_id, date)
    SELECT o.operation_id, o.customer_id, o.date FROM tgn.operation o
    WHERE o.date = @edge AND NOT EXISTS (SELECT 1 FROM #page p WHERE p.operation_id = o.operation_id)
    OPTION (MAXDOP 1);
  -- 0: a bot that has no task yet.
  SELECT @task_no = COALESCE(MIN(task_no), 0) FROM tgn.task WHERE bot_id = @bot_id;
  INSERT INTO tgn.delivery (bot_id, operation_id, task_no, customer_id, operation_date, state, reason, planned_utc, changed_utc)
  SELECT @bot_id, p.operation_id, @task_no, p.customer_id, p.date, 'skipped', 'marked', @now, @now
  FROM #page p
  WHERE NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.bot_id = @bot_id AND d.operation_id = p.operation_id)
  ORDER BY p.date
  OPTION (MAXDOP 1);
  SET @n = @@ROWCOUNT;
  SELECT @n AS n, CASE WHEN @read = @rows AND @edge < '99991231' THEN CONVERT(varchar(23), DATEADD(ms, 3, @edge), 121) END AS next_from;
END;
GO
