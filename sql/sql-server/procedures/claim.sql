-- Claims up to @want notices, at most one a chat, going round the customers from where the last claim ended. Called by advance in its
-- transaction, after the guard; fills its #notice, #member, #person, #seen, #skipped. What has become pointless ends here, with its reason:
-- an operation or customer that is gone, a subscription that ended. Filters are not judged again.
-- Parameters: the bot, the run, the server's clocks; the claim's id; the place of the rotation (@turn, moved on); customers and operations that
-- narrow the claim; the digest's rule in milliseconds; @expired as in record. @next_due: when the next planned row may be claimed, never later
-- than the truth, null when none is left; in 5 s where so many guests were locked that the claim gave up without having seen all.
-- The customers are taken in rounds, each judged by sets: so a claim costs what it claims and not what waits. Locks: the rows that change,
-- until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.claim;
GO
CREATE PROCEDURE tgn.claim
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @wall datetime,
  @claim_id varchar(40),
  @want int,
  @turn uniqueidentifier OUTPUT,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @operations tgn.id_list_1 READONLY,
  @any_operation bit,
  @gap_ms int,
  @wait_ms int,
  @expired datetime2(3),
  @next_due datetime2(3) OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A notice holds at most 20 operations: more would be a message that nobody reads. Beyond a full batch so many customers are looked at.
  DECLARE @look_beyond int, @lap int, @start uniqueidentifier, @cursor uniqueidentifier, @inclusive bit, @size int, @got int;
  DECLARE @claimed int, @beyond int, @judging bit, @at_once bit, @soon datetime2(3), @zone_ms int, @marked int, @due datetime2(3), @used bit, @ready int;
  DECLARE @stop uniqueidentifier, @locked int;
  -- Whom the claim is narrowed to. A small set that no other procedure reads: a table variable has no statistics whose change compiles anew.
  DECLARE @walk TABLE (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #round (no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, judged bit NOT NULL);
  CREATE TABLE #head (
    no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, oldest datetime NOT NULL, repeat int NOT NULL, attempt_no bigint NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NULL, language varchar(5) COLLATE Latin1_General_BIN2 NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NULL, due_utc datetime2(3) NOT NULL, ready_utc datetime2(3) NULL
  );
  CREATE TABLE #go (no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL);
  CREATE TABLE #row (
    delivery_no bigint NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, place int NOT NULL, operation_id uniqueidentifier NOT NULL,
    operation_date datetime NOT NULL, task_no int NOT NULL, repeat int NOT NULL, tries int NOT NULL, attempt_no bigint NULL,
    not_before_utc datetime2(3) NULL, planned_utc datetime2(3) NOT NULL, fate varchar(10) COLLATE Latin1_General_BIN2 NULL,
    good int NULL
  );
  CREATE TABLE #end (delivery_no bigint NOT NULL PRIMARY KEY, reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL);
  CREATE TABLE #stuck (customer_id uniqueidentifier NOT NULL PRIMARY KEY);

  IF @any_operation = 0
    INSERT INTO @walk (customer_id)
    SELECT DISTINCT d.customer_id FROM @operations w JOIN tgn.delivery d ON d.bot_id = @bot_id AND d.operation_id = w.id
    WHERE d.state = 'planned' AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM @customers c WHERE c.id = d.customer_id));
  ELSE IF @any_customer = 0
    INSERT INTO @walk (customer_id) SELECT id FROM @customers;

  SELECT @look_beyond = 51, @lap = 1, @start = @turn, @cursor = COALESCE(@turn, '00000000-0000-0000-0000-000000000000'),
    @inclusive = CASE WHEN @turn IS NULL THEN 1 ELSE 0 END, @claimed = 0, @beyond = 0, @at_once = 0, @used = 0, @locked = 0, @soon = DATEADD(ms, 1000, @now),
    @stop = 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF';
  -- How far the server's wall clock is ahead of UTC, in whole minutes: the wall clock itself has a grain of 1/300 s.
  SET @zone_ms = 60000 * CAST(ROUND(DATEDIFF(ms, CAST(@now AS datetime), @wall) / 60000.0, 0) AS int);
  -- So many locked guests end a claim: whoever comes next is probably locked too, and each round waits for them anew.
  WHILE @lap <= 2 AND @beyond < @look_beyond AND @at_once = 0 AND @locked < 20
  BEGIN
    SET @judging = CASE WHEN @claimed < @want THEN 1 ELSE 0 END;
    SET @size = CASE WHEN @judging = 1 THEN @want - @claimed + 20 ELSE @look_beyond - @beyond END;
    DELETE FROM #round;
    IF @any_operation = 0 OR @any_customer = 0
      INSERT INTO #round (no, customer_id, judged)
      SELECT ROW_NUMBER() OVER (ORDER BY t.customer_id), t.customer_id, 0
      FROM (
        SELECT TOP (@size) w.customer_id FROM @walk w
        WHERE w.customer_id >= @cursor AND (@inclusive = 1 OR w.customer_id > @cursor) AND w.customer_id <= @stop
        ORDER BY w.customer_id
      ) t;
    ELSE
      INSERT INTO #round (no, customer_id, judged)
      SELECT ROW_NUMBER() OVER (ORDER BY t.customer_id), t.customer_id, 0
      FROM (
        SELECT TOP (@size) d.customer_id FROM tgn.delivery d
        WHERE d.state = 'planned' AND d.bot_id = @bot_id
          AND d.customer_id >= @cursor AND (@inclusive = 1 OR d.customer_id > @cursor) AND d.customer_id <= @stop
        GROUP BY d.customer_id ORDER BY d.customer_id
      ) t
      OPTION (MAXDOP 1);
    SET @got = @@ROWCOUNT;
    IF @got > 0 SELECT @cursor = customer_id FROM #round WHERE no = @got;
    SET @inclusive = 0;
    IF @judging = 1 AND @got > 0 SET @turn = @cursor;

    IF @judging = 0
    BEGIN
      EXEC tgn.find_heads @bot_id, @run_no, @now, @operations, @any_operation;
      SELECT @due = CASE WHEN @due <= MIN(due_utc) THEN @due ELSE COALESCE(MIN(due_utc), @due) END FROM #head;
      SET @beyond = @beyond + @got;
      IF EXISTS (SELECT 1 FROM #head WHERE due_utc <= @now) SET @at_once = 1;
    END
    ELSE
      -- Again for those whose head has ended: whoever is their head then is judged from the beginning.
      WHILE EXISTS (SELECT 1 FROM #round WHERE judged = 0)
      BEGIN
        IF @used = 1
        BEGIN
          DELETE FROM #end;
          DELETE FROM #go;
          DELETE FROM #row;
          DELETE FROM #stuck;
        END;
        SET @used = 1;
        EXEC tgn.find_heads @bot_id, @run_no, @now, @operations, @any_operation;
        IF EXISTS (SELECT 1 FROM #head WHERE reason IS NOT NULL)
          INSERT INTO #end (delivery_no, reason)
          SELECT d.delivery_no, h.reason FROM #head h JOIN tgn.delivery d ON d.customer_id = h.customer_id
          WHERE d.state = 'planned' AND d.bot_id = @bot_id AND h.reason IS NOT NULL
            AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id));
        SELECT @due = CASE WHEN @due <= MIN(due_utc) THEN @due ELSE COALESCE(MIN(due_utc), @due) END FROM #head WHERE reason IS NULL AND due_utc > @now;
        INSERT INTO #go (no, customer_id) SELECT ROW_NUMBER() OVER (ORDER BY no), customer_id FROM #head WHERE reason IS NULL AND due_utc <= @now;
        UPDATE r SET judged = 1 FROM #round r WHERE NOT EXISTS (SELECT 1 FROM #go g WHERE g.customer_id = r.customer_id);

        -- What may belong to one notice: rows up to a date, or the rows of one attempt in doubt.
        INSERT INTO #row (delivery_no, customer_id, place, operation_id, operation_date, task_no, repeat, tries, attempt_no, not_before_utc, planned_utc)
        SELECT d.delivery_no, g.customer_id, ROW_NUMBER() OVER (PARTITION BY g.customer_id ORDER BY d.operation_date, d.id_text), d.operation_id,
          d.operation_date, d.task_no, d.repeat, d.tries, d.attempt_no, d.not_before_utc, d.planned_utc
        FROM #go g
        JOIN #head h ON h.customer_id = g.customer_id
        CROSS APPLY (
          SELECT TOP (20) p.delivery_no, p.operation_id, CONVERT(char(36), p.operation_id) AS id_text, p.operation_date, p.task_no, p.repeat, p.tries,
            p.attempt_no, p.not_before_utc, p.planned_utc
          FROM tgn.delivery p
          WHERE p.state = 'planned' AND p.bot_id = @bot_id AND p.customer_id = g.customer_id
            AND ((h.repeat = 1 AND p.attempt_no = h.attempt_no)
              OR (h.repeat = 0 AND p.operation_date <= CASE WHEN h.oldest >= '99990101' THEN h.oldest ELSE DATEADD(ms, @gap_ms * 19, h.oldest) END))
            AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = p.operation_id))
          ORDER BY p.operation_date, CONVERT(char(36), p.operation_id)
        ) d
        OPTION (MAXDOP 1);
        EXEC tgn.read_fresh;

        SELECT @locked = @locked + COUNT(*) FROM #stuck;
        IF EXISTS (SELECT 1 FROM #stuck) SET @due = CASE WHEN @due <= DATEADD(ms, 5000, @now) THEN @due ELSE DATEADD(ms, 5000, @now) END;
        IF EXISTS (
          SELECT 1 FROM #go g
          WHERE NOT EXISTS (SELECT 1 FROM #person p WHERE p.customer_id = g.customer_id AND p.live = 1)
        )
        BEGIN
          INSERT INTO #end (delivery_no, reason)
          SELECT d.delivery_no, 'removed' FROM #go g JOIN tgn.delivery d ON d.customer_id = g.customer_id
          WHERE d.state = 'planned' AND d.bot_id = @bot_id
            AND NOT EXISTS (SELECT 1 FROM #person p WHERE p.customer_id = g.customer_id AND p.live = 1)
            AND NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = g.customer_id)
            AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id));
          DELETE r FROM #row r
          WHERE NOT EXISTS (SELECT 1 FROM #person p WHERE p.customer_id = r.customer_id AND p.live = 1);
        END;
        IF EXISTS (SELECT 1 FROM #stuck)
          DELETE r FROM #row r WHERE EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = r.customer_id);

        UPDATE r SET fate = 'removed' FROM #row r WHERE NOT EXISTS (SELECT 1 FROM #seen s WHERE s.operation_id = r.operation_id);
        UPDATE r SET fate = CASE WHEN s.customer_id <> r.customer_id THEN 'follow' ELSE 'too_old' END
        FROM #row r JOIN #seen s ON s.operation_id = r.operation_id
        WHERE s.customer_id <> r.customer_id OR (r.tries > 0 AND r.repeat = 0 AND r.planned_utc < @expired);
        INSERT INTO #end (delivery_no, reason) SELECT delivery_no, fate FROM #row WHERE fate IN ('removed', 'too_old');
        IF EXISTS (SELECT 1 FROM #end)
        BEGIN
          UPDATE d SET state = 'skipped', reason = e.reason, changed_utc = @now
          FROM tgn.delivery d JOIN #end e ON e.delivery_no = d.delivery_no
          WHERE d.state = 'planned';
          INSERT INTO #skipped (reason) SELECT reason FROM #end;
        END;
        IF EXISTS (SELECT 1 FROM #row WHERE fate = 'follow')
          -- Staff have given the operation to another customer: it is theirs now, and nobody else is told.
          UPDATE d SET customer_id = s.customer_id, operation_date = s.date, changed_utc = @now
          FROM tgn.delivery d JOIN #row r ON r.delivery_no = d.delivery_no JOIN #seen s ON s.operation_id = r.operation_id
          WHERE d.state = 'planned' AND r.fate = 'follow';
        UPDATE r SET judged = 1 FROM #round r
        WHERE NOT EXISTS (SELECT 1 FROM #row x WHERE x.customer_id = r.customer_id AND x.place = 1 AND x.fate IS NOT NULL);
        IF EXISTS (SELECT 1 FROM #round WHERE judged = 0)
          DELETE r FROM #row r WHERE EXISTS (SELECT 1 FROM #round x WHERE x.customer_id = r.customer_id AND x.judged = 0);

        -- The rows that go into one notice, from the oldest on: one task's, each at most the gap after the one before. What is told once more
        -- keeps the company it had when its outcome was lost, so that a guest can recognize it.
        UPDATE r SET good = b.place
        FROM #row r
        JOIN (
          SELECT n.delivery_no, n.place, SUM(
            CASE
              WHEN n.place = 1 THEN 0
              WHEN n.task_no <> n.task_before OR n.repeat <> n.repeat_before OR n.not_before_utc > @now THEN 1
              WHEN n.repeat = 1 THEN CASE WHEN n.attempt_no = n.attempt_before THEN 0 ELSE 1 END
              WHEN @gap_ms = 0 OR DATEDIFF(day, n.date_before, n.operation_date) > 1 THEN 1
              WHEN DATEDIFF(ms, n.date_before, n.operation_date) > @gap_ms THEN 1
              ELSE 0
            END) OVER (PARTITION BY n.customer_id ORDER BY n.place ROWS UNBOUNDED PRECEDING) AS breaks
          FROM (
            SELECT r.delivery_no, r.customer_id, r.task_no, r.repeat, r.attempt_no, r.not_before_utc, r.operation_date,
              ROW_NUMBER() OVER (PARTITION BY r.customer_id ORDER BY r.place) AS place,
              LAG(r.task_no) OVER (PARTITION BY r.customer_id ORDER BY r.place) AS task_before,
              LAG(r.repeat) OVER (PARTITION BY r.customer_id ORDER BY r.place) AS repeat_before,
              LAG(r.attempt_no) OVER (PARTITION BY r.customer_id ORDER BY r.place) AS attempt_before,
              LAG(r.operation_date) OVER (PARTITION BY r.customer_id ORDER BY r.place) AS date_before
            FROM #row r WHERE r.fate IS NULL
          ) n
        ) b ON b.delivery_no = r.delivery_no
        WHERE b.breaks = 0;
        -- A group may be claimed the wait after its newest operation, by the wall clock of its date, or by the time it was planned, whichever comes
        -- first: a date in the future holds nothing up, nor does a clock that was set back.
        UPDATE h SET ready_utc = CASE
            WHEN r.repeat = 1 OR r.planned_utc > @now OR DATEADD(ms, @wait_ms, r.planned_utc) <= @now THEN @now
            WHEN DATEDIFF(day, @wall, r.operation_date) > 1 THEN DATEADD(ms, @wait_ms, r.planned_utc)
            WHEN DATEADD(ms, @wait_ms - @zone_ms, CAST(r.operation_date AS datetime2(3))) <= @now THEN @now
            WHEN DATEADD(ms, -@zone_ms, CAST(r.operation_date AS datetime2(3))) < r.planned_utc
              THEN DATEADD(ms, @wait_ms - @zone_ms, CAST(r.operation_date AS datetime2(3)))
            ELSE DATEADD(ms, @wait_ms, r.planned_utc)
          END
        FROM #head h
        JOIN #row r ON r.customer_id = h.customer_id
        JOIN (SELECT customer_id, MAX(good) AS good FROM #row WHERE good IS NOT NULL GROUP BY customer_id) m ON m.customer_id = r.customer_id AND m.good = r.good;
        SELECT @due = CASE WHEN @due <= MIN(ready_utc) THEN @due ELSE COALESCE(MIN(ready_utc), @due) END FROM #head WHERE ready_utc > @now;
        UPDATE #head SET ready_utc = NULL WHERE ready_utc > @now;
        -- A claim writes to a chat once.
        UPDATE h SET ready_utc = NULL FROM #head h WHERE ready_utc IS NOT NULL
          AND EXISTS (SELECT 1 FROM #head f WHERE f.chat_id = h.chat_id AND f.ready_utc IS NOT NULL AND f.no < h.no);
        IF @@ROWCOUNT > 0 SET @due = CASE WHEN @due <= @soon THEN @due ELSE @soon END;
        SELECT @ready = COUNT(*) FROM #head WHERE ready_utc IS NOT NULL;
        IF @ready >= @want - @claimed
        BEGIN
          IF @ready > @want - @claimed SET @at_once = 1;
          UPDATE #head SET ready_utc = NULL WHERE no NOT IN (SELECT TOP (@want - @claimed) no FROM #head WHERE ready_utc IS NOT NULL ORDER BY no);
          SELECT TOP (1) @turn = customer_id FROM #head WHERE ready_utc IS NOT NULL ORDER BY no DESC;
        END;
        IF @ready > 0 AND @claimed < @want
        BEGIN
          EXEC tgn.mark_sending @bot_id, @run_no, @now, @claim_id, @marked OUTPUT;
          SET @claimed = @claimed + @marked;
        END;
      END;

    IF @got < @size
    BEGIN
      -- The lap is over. The second one ends where the first has begun.
      SET @lap = CASE WHEN @lap = 1 AND @start IS NOT NULL THEN 2 ELSE 3 END;
      SET @stop = @start;
      SET @cursor = '00000000-0000-0000-0000-000000000000';
      SET @inclusive = 1;
    END;
  END;

  SET @next_due = @now;
  IF @at_once = 1 RETURN;
  -- Further guests, when what was claimed is on its way; without any, when a locked one may be free.
  IF @locked >= 20 AND @claimed = 0 SET @next_due = DATEADD(ms, 5000, @now);
  IF @lap <= 2 RETURN;
  -- All have been seen: what else is planned for those in this batch comes when their chats are free again.
  IF EXISTS (
    SELECT 1 FROM #notice n JOIN tgn.delivery d ON d.customer_id = n.customer_id
    WHERE d.state = 'planned' AND d.bot_id = @bot_id
      AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id))
  ) SET @due = CASE WHEN @due <= @soon THEN @due ELSE @soon END;
  IF @due IS NOT NULL SET @next_due = @due;
  -- Rows that found another customer while this claim went round.
  ELSE IF NOT EXISTS (
    SELECT 1 FROM tgn.delivery d
    WHERE d.state = 'planned' AND d.bot_id = @bot_id
      AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM @customers c WHERE c.id = d.customer_id))
      AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id))
  ) SET @next_due = NULL;
END;
GO
