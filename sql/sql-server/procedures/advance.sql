-- Records the calls that ended and claims the next notices, in one transaction under the guard. Asked again under the same claim's id it hands
-- out the notices of that claim whose calls haven't ended, and claims nothing.
-- Parameters: the bot and its run; record's; claim's; what a balance means (after | current | off). Result: answer claimed | lock_lost, now_utc,
-- next_due_utc, turn; the rows that ended, by reason: reason, n; the notices: attempt_no, task_id, chat_id, language, customer_id, customer_name,
-- group_id, group_name, repeat, tries; their operations, oldest first: attempt_no, row_no, id, customer_id, account_type_id, account_type, date,
-- sum, document, description, division, return_of, balance; groups above the guests', the nearest first: group_id, ancestor_id.
-- Without the lock nothing is recorded or claimed, except the late proof of what this run itself has sent and another has judged in doubt.
-- Locks: in the transaction the run's row and the ledger's rows that change; Tillypad's rows only while each is read. Balances are read after it.
DROP PROCEDURE IF EXISTS tgn.advance;
GO
CREATE PROCEDURE tgn.advance
  @bot_id bigint,
  @run_no int,
  @claim_id varchar(40),
  @want int,
  @turn uniqueidentifier,
  @finished tgn.finished_list_1 READONLY,
  @released tgn.released_list_1 READONLY,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @gap_ms int,
  @wait_ms int,
  @ttl_ms bigint,
  @balance varchar(10),
  @quiet_until datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime, @expired datetime2(3), @next_due datetime2(3), @again bit;
  DECLARE @ended tgn.finished_list_1;
  DECLARE @left_out tgn.released_list_1;
  DECLARE @only_customers tgn.id_list_1;
  DECLARE @only_operations tgn.id_list_1;
  INSERT INTO @ended (seq, attempt_no, outcome, code, detail, message_id, length, suspend_chat, not_before_utc)
  SELECT seq, attempt_no, outcome, code, detail, message_id, length, suspend_chat, not_before_utc FROM @finished;
  INSERT INTO @left_out (attempt_no, delivery_no) SELECT attempt_no, delivery_no FROM @released;
  INSERT INTO @only_customers (id) SELECT id FROM @customers;
  INSERT INTO @only_operations (id) SELECT id FROM @operations;
  CREATE TABLE #skipped (reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL);
  CREATE TABLE #notice (
    attempt_no bigint NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    language varchar(5) COLLATE Latin1_General_BIN2 NULL
  );
  CREATE TABLE #member (
    delivery_no bigint NOT NULL PRIMARY KEY, attempt_no bigint NOT NULL, operation_id uniqueidentifier NOT NULL, place int NOT NULL,
    task_no int NOT NULL, repeat int NOT NULL, tries int NOT NULL
  );
  CREATE TABLE #person (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NOT NULL
  );
  CREATE TABLE #group (group_id uniqueidentifier NOT NULL PRIMARY KEY, done bit NOT NULL);
  CREATE TABLE #above (group_id uniqueidentifier NOT NULL, ancestor_id uniqueidentifier NOT NULL, distance int NOT NULL, PRIMARY KEY (group_id, ancestor_id));
  CREATE TABLE #seen (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL,
    account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL, date datetime NOT NULL, sum decimal(38, 4) NOT NULL,
    document nvarchar(max) COLLATE DATABASE_DEFAULT NULL, description nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    division nvarchar(max) COLLATE DATABASE_DEFAULT NULL, return_of uniqueidentifier NULL
  );
  CREATE TABLE #told (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL
  );

  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    EXEC tgn.prove_late @bot_id, @run_no, @now, @ended, @left_out;
    COMMIT TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  SET @expired = DATEADD(ms, -CAST(@ttl_ms % 86400000 AS int), DATEADD(day, -CAST(@ttl_ms / 86400000 AS int), @now));
  EXEC tgn.record @bot_id, @run_no, @now, @expired, @quiet_until, @ended, @left_out;
  UPDATE tgn.run SET heartbeat_utc = @now WHERE run_no = @run_no;
  SET @again = CASE WHEN EXISTS (SELECT 1 FROM tgn.attempt WHERE claim_id = @claim_id) THEN 1 ELSE 0 END;
  IF @again = 1 EXEC tgn.claim_again @bot_id, @run_no, @claim_id;
  IF @again = 1 SET @want = 0;
  EXEC tgn.claim @bot_id, @run_no, @now, @wall, @claim_id, @want, @turn OUTPUT, @only_customers, @any_customer, @only_operations, @any_operation, @gap_ms,
    @wait_ms, @expired, @next_due OUTPUT;
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;

  INSERT INTO #told (operation_id, id_text, date, customer_id, account_type_id)
  SELECT s.operation_id, CONVERT(char(36), s.operation_id), s.date, s.customer_id, s.account_type_id
  FROM #member m JOIN #seen s ON s.operation_id = m.operation_id;
  EXEC tgn.fill_balances @balance;

  SELECT 'claimed' AS answer, @now AS now_utc, @next_due AS next_due_utc, @turn AS turn;
  SELECT reason, COUNT(*) AS n FROM #skipped GROUP BY reason;
  SELECT n.attempt_no, t.task_id, n.chat_id, n.language, n.customer_id, p.name AS customer_name, p.group_id, p.group_name,
    CAST(f.repeat AS bit) AS repeat, f.tries
  FROM #notice n
  JOIN #person p ON p.customer_id = n.customer_id
  JOIN (SELECT m.attempt_no, MIN(m.task_no) AS task_no, MAX(m.repeat) AS repeat, MAX(m.tries) AS tries FROM #member m GROUP BY m.attempt_no) f
    ON f.attempt_no = n.attempt_no
  JOIN tgn.task t ON t.task_no = f.task_no
  ORDER BY n.attempt_no;
  SELECT m.attempt_no, m.delivery_no AS row_no, s.operation_id AS id, s.customer_id, s.account_type_id, s.account_type,
    CONVERT(varchar(23), s.date, 121) AS date, CONVERT(varchar(50), s.sum) AS sum, s.document, s.description, s.division, s.return_of,
    CONVERT(varchar(50), b.balance) AS balance
  FROM #member m
  JOIN #seen s ON s.operation_id = m.operation_id
  JOIN #told b ON b.operation_id = m.operation_id
  ORDER BY m.attempt_no, m.place;
  SELECT group_id, ancestor_id FROM #above ORDER BY group_id, distance;
END;
GO
