-- The one select of measure, preview and plan: which operations a look considers, and its verdict on each. Called by these three, which
-- make the table that it fills: #candidate (operation_id, id_text, date, customer_id, verdict, delivery_no). The rows are a beginning of
-- the look in the order of (date, id_text): all of it, or at least @rows.
-- Parameters: the bot and its task; the window @low to @last, both within it; @after_date and @after_id, the place where the last page
-- ended; how many rows are wanted; the rules of the look; the choice of account types and groups (empty = all, @admitted_only: since when
-- each is chosen); customers and operations that narrow it. @version_low: since which date operations dated before the window belong to the
-- look when they were written since the last one (find_written); null: none do. @version: find_written's. @locked: customers whom somebody has locked; their operations have no row, so
-- that the next look finds them.
-- No row, and so no trace in the ledger: outside the window, known already, outside the task's filters, older than its choice. The verdicts,
-- first match first. Age comes before the subscription, so that `explain` tells of an old operation what would hold for any guest, and so
-- that only fresh operations make somebody an unsubscribed customer whom an invitation may follow.
-- Locks: none that outlast a row's reading, and no transaction is open. A locked operation is passed over (READPAST): absence means later.
-- Who a customer is decides by absence, and so waits for a lock; a customer who stays locked is left out alone.
-- Stage 1 touches only (date, id) of the operations and the ledger's index: an idle look is rows it knows.
DROP PROCEDURE IF EXISTS tgn.candidate;
GO
CREATE PROCEDURE tgn.candidate
  @bot_id bigint,
  @task_id varchar(100),
  @low datetime,
  @last datetime,
  @after_date datetime,
  @after_id uniqueidentifier,
  @rows int,
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
  @version bigint OUTPUT,
  @locked int OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @after_text char(36), @types_since datetime, @groups_since datetime, @batch int, @read int, @edge datetime, @from datetime;
  DECLARE @at int, @met int, @size int, @written bit;

  CREATE TABLE #chosen_type (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  CREATE TABLE #chosen_group (item_id uniqueidentifier NOT NULL PRIMARY KEY, since datetime NOT NULL);
  EXEC tgn.choose @bot_id, @task_id, @admitted_only, @account_types, @all_types, @customer_groups, @all_groups, @types_since OUTPUT, @groups_since OUTPUT;

  CREATE TABLE #written (date datetime NOT NULL, operation_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #look (date datetime NOT NULL, operation_id uniqueidentifier NOT NULL, PRIMARY KEY (date, operation_id));
  CREATE TABLE #unknown (operation_id uniqueidentifier NOT NULL PRIMARY KEY, date datetime NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL);
  CREATE TABLE #read (operation_id uniqueidentifier NOT NULL PRIMARY KEY, date datetime NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, delivery_no bigint NULL, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #met (no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #person (customer_id uniqueidentifier NOT NULL PRIMARY KEY, live bit NOT NULL, group_id uniqueidentifier NULL);

  SET @written = 0;
  IF @version_low IS NOT NULL AND (@version_low < @low OR @version IS NULL) AND @any_operation = 1 AND @any_customer = 1
    AND EXISTS (SELECT 1 FROM tgn.active_version WHERE version IS NOT NULL)
  BEGIN
    EXEC tgn.find_written @bot_id, @task_id, @version_low, @low, @version OUTPUT;
    IF EXISTS (SELECT 1 FROM #written) SET @written = 1;
  END;

  SET @locked = 0;
  SET @after_text = CONVERT(char(36), @after_id);
  SET @from = @low;
  SET @batch = CASE WHEN @rows > 50000 THEN 50000 ELSE @rows END;
  SET @met = 0;
  WHILE @from IS NOT NULL AND @from <= @last AND (SELECT COUNT(*) FROM #candidate) < @rows
  BEGIN
    DELETE FROM #look;
    DELETE FROM #unknown;
    DELETE FROM #read;

    -- All of them are dated before the window: they are the look's beginning.
    IF @written = 1
    BEGIN
      INSERT INTO #look (date, operation_id) SELECT date, operation_id FROM #written;
      SET @written = 0;
    END
    ELSE IF @any_operation = 0
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT o.date, o.operation_id FROM @operations w JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) ON o.operation_id = w.id
      WHERE o.date >= @from AND o.date <= @last
      OPTION (LOOP JOIN, MAXDOP 1);
      SET @from = NULL;
    END
    ELSE IF @any_customer = 0
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT o.date, o.operation_id FROM @customers w JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) ON o.customer_id = w.id
      WHERE o.date >= @from AND o.date <= @last
      OPTION (LOOP JOIN, MAXDOP 1);
      SET @from = NULL;
    END
    ELSE
    BEGIN
      INSERT INTO #look (date, operation_id)
      SELECT TOP (@batch) o.date, o.operation_id FROM tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
      WHERE o.date >= @from AND o.date <= @last
      ORDER BY o.date
      OPTION (MAXDOP 1);
      SET @read = @@ROWCOUNT;
      SELECT @edge = MAX(date) FROM #look;
      IF @read < @batch OR @edge >= @last SET @from = NULL;
      IF @read = @batch
        -- All of the last date, so that the next batch begins with the next one: a datetime's grain is 1/300 s.
        INSERT INTO #look (date, operation_id)
        SELECT o.date, o.operation_id FROM tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
        WHERE o.date = @edge AND NOT EXISTS (SELECT 1 FROM #look l WHERE l.date = @edge AND l.operation_id = o.operation_id)
        OPTION (MAXDOP 1);
      IF @from IS NOT NULL SET @from = DATEADD(ms, 3, @edge);
      SET @batch = CASE WHEN @batch >= 25000 THEN 50000 ELSE @batch * 2 END;
    END;

    -- MAX: an operation whose date is changed while it is read may be met twice.
    INSERT INTO #unknown (operation_id, date, id_text)
    SELECT l.operation_id, MAX(l.date), CONVERT(char(36), l.operation_id) FROM #look l
    WHERE NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.bot_id = @bot_id AND d.operation_id = l.operation_id)
    GROUP BY l.operation_id
    OPTION (LOOP JOIN, MAXDOP 1);
    IF @revive = 1
      INSERT INTO #unknown (operation_id, date, id_text, delivery_no)
      SELECT l.operation_id, MAX(l.date), CONVERT(char(36), l.operation_id), d.delivery_no
      FROM #look l JOIN tgn.delivery d ON d.bot_id = @bot_id AND d.operation_id = l.operation_id
      WHERE d.state = 'skipped' AND d.attempt_no IS NULL AND d.reason IN ('not_subscribed', 'suspended', 'too_old', 'late')
      GROUP BY l.operation_id, d.delivery_no
      OPTION (LOOP JOIN, MAXDOP 1);

    INSERT INTO #read (operation_id, date, id_text, delivery_no, customer_id)
    SELECT u.operation_id, u.date, u.id_text, u.delivery_no, o.customer_id
    FROM #unknown u JOIN tgn.operation o WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) ON o.operation_id = u.operation_id
    WHERE o.date = u.date AND (@after_date IS NULL OR u.date > @after_date OR u.id_text > @after_text COLLATE Latin1_General_BIN2)
      AND (@sign = 'any' OR (@sign = 'credit' AND o.sum > 0) OR (@sign = 'debit' AND o.sum < 0)) AND ABS(o.sum) >= @threshold
      AND (@types_since <= o.date OR EXISTS (SELECT 1 FROM #chosen_type k WHERE k.item_id = o.account_type_id AND k.since <= o.date))
      AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM @customers w WHERE w.id = o.customer_id))
    OPTION (LOOP JOIN, MAXDOP 1);

    INSERT INTO #met (customer_id)
    SELECT DISTINCT r.customer_id FROM #read r WHERE NOT EXISTS (SELECT 1 FROM #met m WHERE m.customer_id = r.customer_id);
    SET @at = @met + 1;
    SELECT @met = COALESCE(MAX(no), 0) FROM #met;
    SET @size = @met;
    WHILE @at <= @met
    BEGIN
      BEGIN TRY
        INSERT INTO #person (customer_id, live, group_id)
        SELECT c.customer_id, c.live, c.group_id FROM #met m JOIN tgn.customer c ON c.customer_id = m.customer_id
        WHERE m.no >= @at AND m.no < @at + @size
        OPTION (LOOP JOIN, MAXDOP 1);
        SET @at = @at + @size;
        SET @size = CASE WHEN @size > 100000 THEN @size ELSE @size * 2 END;
      END TRY
      BEGIN CATCH
        IF ERROR_NUMBER() <> 1222 THROW;
        -- The wait is over; who is still locked need not be waited for as long again, and once many are, not at all: a long transaction may hold
        -- them all.
        IF @locked < 5 SET LOCK_TIMEOUT 100;
        ELSE SET LOCK_TIMEOUT 1;
        IF @size = 1
        BEGIN
          SET @locked = @locked + 1;
          SET @at = @at + 1;
        END
        ELSE SET @size = (@size + 1) / 2;
      END CATCH;
    END;
    SET LOCK_TIMEOUT 2000;

    INSERT INTO #candidate (operation_id, id_text, date, customer_id, verdict, delivery_no)
    SELECT v.operation_id, v.id_text, v.date, v.customer_id, v.verdict, v.delivery_no
    FROM (
      SELECT r.operation_id, r.id_text, r.date, r.customer_id, r.delivery_no,
        CASE
          WHEN @mark_only = 1 THEN 'marked'
          WHEN r.date < @old_before THEN 'too_old'
          WHEN r.date < @late_before THEN 'late'
          WHEN s.state = 'active' THEN 'planned'
          WHEN s.state = 'suspended' THEN 'suspended'
          WHEN s.state IS NOT NULL THEN 'opted_out'
          WHEN @leave_unsubscribed = 1 THEN NULL
          ELSE 'not_subscribed'
        END AS verdict
      FROM #read r
      JOIN #person p ON p.customer_id = r.customer_id
      LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = r.customer_id
      WHERE p.live = 1
        AND (@groups_since <= r.date OR EXISTS (SELECT 1 FROM #chosen_group k WHERE k.item_id = p.group_id AND k.since <= r.date))
    ) v
    WHERE v.verdict IS NOT NULL AND NOT EXISTS (SELECT 1 FROM #candidate c WHERE c.operation_id = v.operation_id)
    OPTION (MAXDOP 1);
  END;
END;
GO
