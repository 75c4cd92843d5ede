-- The notices of a claim that was asked for before and whose calls haven't ended. Called by advance in its transaction; fills its #notice, #member,
-- #person and #seen. Parameters: the bot, the run, the claim's id. Locks: none of its own.
DROP PROCEDURE IF EXISTS tgn.claim_again;
GO
CREATE PROCEDURE tgn.claim_again
  @bot_id bigint,
  @run_no int,
  @claim_id varchar(40)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #go (no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #row (
    delivery_no bigint NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, operation_id uniqueidentifier NOT NULL,
    operation_date datetime NOT NULL, attempt_no bigint NOT NULL, task_no int NOT NULL, repeat int NOT NULL, tries int NOT NULL
  );
  CREATE TABLE #stuck (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #row (delivery_no, customer_id, operation_id, operation_date, attempt_no, task_no, repeat, tries)
  SELECT d.delivery_no, d.customer_id, d.operation_id, d.operation_date, d.attempt_no, d.task_no, d.repeat, d.tries
  FROM tgn.attempt a JOIN tgn.delivery d ON d.attempt_no = a.attempt_no
  WHERE a.claim_id = @claim_id AND a.run_no = @run_no AND a.finished_utc IS NULL AND d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = @run_no;
  INSERT INTO #go (no, customer_id)
  SELECT ROW_NUMBER() OVER (ORDER BY c.customer_id), c.customer_id FROM (SELECT DISTINCT customer_id FROM #row) c;
  EXEC tgn.read_fresh;
  -- Nobody is told of what can't be read; the call's outcome then stays unknown.
  INSERT INTO #notice (attempt_no, customer_id, chat_id, language)
  SELECT a.attempt_no, r.customer_id, a.chat_id, h.language
  FROM (SELECT DISTINCT attempt_no, customer_id FROM #row) r
  JOIN tgn.attempt a ON a.attempt_no = r.attempt_no
  LEFT JOIN tgn.chat h ON h.bot_id = @bot_id AND h.chat_id = a.chat_id
  WHERE NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = r.customer_id)
    AND EXISTS (SELECT 1 FROM #row x JOIN #seen s ON s.operation_id = x.operation_id WHERE x.attempt_no = r.attempt_no);
  INSERT INTO #member (delivery_no, attempt_no, operation_id, place, task_no, repeat, tries)
  SELECT r.delivery_no, r.attempt_no, r.operation_id,
    ROW_NUMBER() OVER (PARTITION BY r.attempt_no ORDER BY r.operation_date, CONVERT(char(36), r.operation_id)), r.task_no, r.repeat, r.tries
  FROM #row r JOIN #notice n ON n.attempt_no = r.attempt_no;
END;
GO
