-- Plans one chunk of a look: adds its rows to the ledger, and with the look's last chunk moves the task. Parameters: candidate's, whether rows that
-- end as not_subscribed ask for an invitation (@inviting), the place where the last chunk ended, the chunk's rows, the digest's gap in milliseconds
-- (at most a day), notices that may still be planned (null: no limit), and the task's move (@moves 0: it stays). Result: answer planned | lock_lost,
-- where the next chunk begins (next_date, next_id; null at the end), the last row planned (last_date, last_id), the @version of the look's next
-- chunks (null: their @version_low is null too), how many customers were left out as locked; then a row a verdict: verdict, n, notices, oldest, customers.
-- The chunk is gathered before the transaction begins; the transaction then drops what has become known meanwhile, adds the rows and moves
-- the task. A look that had to leave somebody out is not planned completely, and moves nothing.
-- Locks: in the transaction the run's row, the rows added and the task's; nothing of Tillypad's is read in it.
DROP PROCEDURE IF EXISTS tgn.plan_chunk;
GO
CREATE PROCEDURE tgn.plan_chunk
  @bot_id bigint,
  @run_no int,
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
  @version bigint,
  @inviting bit,
  @gap_ms int,
  @after_date datetime,
  @after_id uniqueidentifier,
  @chunk_rows int,
  @limit int,
  @moves bit,
  @watermark datetime,
  @first_look_done bit,
  @overlap_look_at datetime,
  @deep_look_at datetime,
  @brake_held_at datetime
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
  DECLARE @locked int, @rows int, @held bit, @now datetime2(3), @wall datetime, @task_no int, @beyond int, @limited bit;
  DECLARE @next_date datetime, @next_id uniqueidentifier, @last_date datetime, @last_id uniqueidentifier;
  CREATE TABLE #candidate (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL
  );
  CREATE TABLE #chunk (
    seq int NOT NULL PRIMARY KEY, operation_id uniqueidentifier NOT NULL, date datetime NOT NULL, customer_id uniqueidentifier NOT NULL,
    verdict varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL, notice int NULL
  );
  -- One row more than the chunk tells whether there is another.
  SET @rows = @chunk_rows + 1;
  EXEC tgn.candidate @bot_id, @task_id, @low, @last, @after_date, @after_id, @rows, @revive, @mark_only, @old_before, @late_before,
    @leave_unsubscribed, @sign, @threshold, @admitted_only, @types, @all_types, @groups, @all_groups, @only_customers,
    @any_customer, @only_operations, @any_operation, @version_low, @version OUTPUT, @locked OUTPUT;
  INSERT INTO #chunk (seq, operation_id, date, customer_id, verdict, delivery_no)
  SELECT n.seq, n.operation_id, n.date, n.customer_id, n.verdict, n.delivery_no
  FROM (
    SELECT ROW_NUMBER() OVER (ORDER BY c.date, c.id_text) AS seq, c.operation_id, c.date, c.customer_id, c.verdict, c.delivery_no FROM #candidate c
  ) n
  WHERE n.seq <= @rows;
  IF @@ROWCOUNT = @rows SELECT @next_date = date, @next_id = operation_id FROM #chunk WHERE seq = @chunk_rows;
  DELETE FROM #chunk WHERE seq = @rows;

  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    COMMIT TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  DELETE c FROM #chunk c
  WHERE c.delivery_no IS NULL AND EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.bot_id = @bot_id AND d.operation_id = c.operation_id);
  IF @revive = 1
    DELETE c FROM #chunk c
    WHERE c.delivery_no IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.delivery_no = c.delivery_no AND d.state = 'skipped' AND d.attempt_no IS NULL);

  SELECT @task_no = task_no FROM tgn.task WHERE bot_id = @bot_id AND task_id = @task_id;
  IF @task_no IS NULL AND EXISTS (SELECT 1 FROM #chunk)
  BEGIN
    INSERT INTO tgn.task (bot_id, task_id) VALUES (@bot_id, @task_id);
    SELECT @task_no = task_no FROM tgn.task WHERE bot_id = @bot_id AND task_id = @task_id;
  END;

  -- Numbers the notices. The first row of a customer may go on a notice whose beginning the chunk before has planned.
  UPDATE c SET notice = n.notice
  FROM #chunk c
  JOIN (
    SELECT s.seq, SUM(s.starts) OVER (ORDER BY s.seq ROWS UNBOUNDED PRECEDING) AS notice
    FROM (
      SELECT b.seq,
        CASE
          WHEN @gap_ms = 0 OR b.before IS NULL OR DATEDIFF(day, b.before, b.date) > 1 THEN 1
          WHEN DATEDIFF(ms, b.before, b.date) > @gap_ms THEN 1
          ELSE 0
        END AS starts
      FROM (
        SELECT p.seq, p.date, COALESCE(p.before, (
          SELECT MAX(d.operation_date) FROM tgn.delivery d
          WHERE d.bot_id = @bot_id AND d.state = 'planned' AND d.customer_id = p.customer_id AND d.task_no = @task_no AND d.operation_date <= @after_date
        )) AS before
        FROM (
          SELECT k.seq, k.date, k.customer_id, LAG(k.date) OVER (PARTITION BY k.customer_id ORDER BY k.seq) AS before
          FROM #chunk k WHERE k.verdict = 'planned'
        ) p
      ) b
    ) s
  ) n ON n.seq = c.seq;

  SET @limited = 0;
  SELECT @beyond = MIN(seq) FROM #chunk WHERE verdict = 'planned' AND notice > @limit;
  IF @beyond IS NOT NULL
  BEGIN
    DELETE FROM #chunk WHERE seq >= @beyond;
    SET @limited = 1;
    SET @next_date = NULL;
    SET @next_id = NULL;
  END;
  SELECT TOP (1) @last_date = date, @last_id = operation_id FROM #chunk ORDER BY seq DESC;
  IF @last_id IS NULL
  BEGIN
    SET @last_date = @after_date;
    SET @last_id = @after_id;
  END;

  INSERT INTO tgn.delivery (bot_id, operation_id, task_no, customer_id, operation_date, state, reason, planned_utc, changed_utc, asks)
  SELECT @bot_id, c.operation_id, @task_no, c.customer_id, c.date, CASE WHEN c.verdict = 'planned' THEN 'planned' ELSE 'skipped' END,
    NULLIF(c.verdict, 'planned'), @now, @now, CASE WHEN @inviting = 1 AND c.verdict = 'not_subscribed' THEN 1 ELSE 0 END
  FROM #chunk c WHERE c.delivery_no IS NULL
  ORDER BY c.seq
  OPTION (MAXDOP 1);
  IF @revive = 1
    UPDATE d SET state = CASE WHEN c.verdict = 'planned' THEN 'planned' ELSE 'skipped' END, reason = NULLIF(c.verdict, 'planned'),
      task_no = @task_no, customer_id = c.customer_id, operation_date = c.date, not_before_utc = NULL, planned_utc = @now, changed_utc = @now,
      asks = CASE WHEN @inviting = 1 AND c.verdict = 'not_subscribed' THEN 1 ELSE 0 END
    FROM tgn.delivery d JOIN #chunk c ON c.delivery_no = d.delivery_no
    WHERE d.state = 'skipped' AND d.attempt_no IS NULL
    OPTION (MAXDOP 1);

  -- The stamps of the looks only go forward: a look that says nothing of them leaves them.
  IF @moves = 1 AND @next_id IS NULL AND @limited = 0 AND @locked = 0
    UPDATE tgn.task SET watermark = @watermark, first_look_done = CASE WHEN @first_look_done = 1 THEN 1 ELSE first_look_done END,
      overlap_look_at = COALESCE(@overlap_look_at, overlap_look_at), deep_look_at = COALESCE(@deep_look_at, deep_look_at),
      brake_held_at = @brake_held_at, version = COALESCE(@version, version)
    WHERE bot_id = @bot_id AND task_id = @task_id;
  -- The limit stopped the look: the next search begins at the last row planned, but never before where it began already (what is left behind
  -- there is found by the same look again, as its stamp stays), nor behind the server's clock because of a row dated in the future.
  IF @moves = 1 AND @limited = 1 AND @locked = 0 AND @last_date IS NOT NULL
    UPDATE tgn.task SET watermark = CASE
        WHEN watermark > @last_date AND watermark < @watermark THEN watermark
        WHEN watermark >= @watermark OR @last_date > @watermark THEN @watermark
        ELSE @last_date
      END
    WHERE bot_id = @bot_id AND task_id = @task_id;
  COMMIT TRANSACTION;

  SELECT 'planned' AS answer, CONVERT(varchar(23), @next_date, 121) AS next_date, @next_id AS next_id,
    CONVERT(varchar(23), @last_date, 121) AS last_date, @last_id AS last_id, @version AS version, @locked AS locked;
  SELECT c.verdict, COUNT(*) AS n, MAX(c.notice) AS notices, CONVERT(varchar(23), MIN(c.date), 121) AS oldest,
    COUNT(DISTINCT c.customer_id) AS customers
  FROM #chunk c GROUP BY c.verdict;
END;
GO
