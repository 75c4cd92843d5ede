-- Records the SMS that ended and claims the next, in one transaction under the guard and within the caps, in the order of planning; the customer is
-- read fresh before the invitation is marked `sending`, and one who is locked is passed over. Asked again under the same claim's id it hands out
-- that claim's invitations and claims nothing.
-- Parameters: the bot and its run; the claim's id; what ended; how many are wanted; the tasks and customers that are meant; segments that may still
-- be spent (@cap_run, and of @cap_day and @cap_month since their beginnings); what read_persons needs.
-- Result: answer claimed | lock_lost, now_utc, wall_now, capped (run | day | month: the tightest cap that keeps a due one back), held (due ones that a
-- cap keeps back), next_due_utc; then show_invitees' sets for what was claimed.
-- Locks: in the transaction the run's row and the invitations that change; Tillypad's rows only while each is read.
DROP PROCEDURE IF EXISTS tgn.advance_invitations;
GO
CREATE PROCEDURE tgn.advance_invitations
  @bot_id bigint,
  @run_no int,
  @claim_id varchar(40),
  @finished tgn.sent_list_1 READONLY,
  @want int,
  @tasks tgn.text_list_1 READONLY,
  @customers tgn.id_list_1 READONLY,
  @any_customer bit,
  @cap_run int,
  @cap_day int,
  @cap_month int,
  @day_from datetime2(3),
  @month_from datetime2(3),
  @note_type nvarchar(400),
  @consent varchar(10),
  @consent_note nvarchar(400),
  @consent_group uniqueidentifier
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- So many locked customers end a claim: whoever comes next is probably locked too.
  DECLARE @held bit, @now datetime2(3), @wall datetime, @day int, @month int, @claimed int, @no int, @most int, @row bigint, @customer uniqueidentifier;
  DECLARE @segments int, @least int, @due int, @capped varchar(10), @next_due datetime2(3), @patience int;
  DECLARE @ended tgn.sent_list_1;
  CREATE TABLE #task (task_id varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  CREATE TABLE #only (id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #invitee (
    no int NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL UNIQUE, operation_id uniqueidentifier NOT NULL, date datetime NOT NULL,
    operations int NOT NULL, row_no bigint NOT NULL
  );
  CREATE TABLE #person (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NOT NULL, phones_xml nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    profile_phone nvarchar(max) COLLATE DATABASE_DEFAULT NULL, may_invite bit NOT NULL, noted bit NOT NULL, consented bit NOT NULL
  );
  CREATE TABLE #phone (
    customer_id uniqueidentifier NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NULL, phone nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL
  );
  CREATE TABLE #stuck (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO @ended (seq, invitation_no, state, reason, number, segments, cost, gateway, gateway_id, text, detail, tried, not_before_utc)
  SELECT seq, invitation_no, state, reason, number, segments, cost, gateway, gateway_id, text, detail, tried, not_before_utc FROM @finished;
  INSERT INTO #task (task_id) SELECT item FROM @tasks;
  INSERT INTO #only (id) SELECT id FROM @customers;
  SET @patience = 5;

  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  EXEC tgn.record_invitations @bot_id, @run_no, @now, @held, @ended;
  IF @held = 0
  BEGIN
    COMMIT TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE tgn.run SET heartbeat_utc = @now WHERE run_no = @run_no;
  EXEC tgn.sum_spent @bot_id, @day_from, @month_from, @day OUTPUT, @month OUTPUT;
  SELECT @day = @cap_day - @day, @month = @cap_month - @month;

  INSERT INTO #invitee (no, customer_id, operation_id, date, operations, row_no)
  SELECT ROW_NUMBER() OVER (ORDER BY invitation_no), customer_id, operation_id, operation_date, 1, invitation_no
  FROM tgn.invitation WHERE state = 'sending' AND bot_id = @bot_id AND run_no = @run_no AND claim_id = @claim_id;
  SET @no = @@ROWCOUNT;
  IF @no > 0
  BEGIN
    EXEC tgn.read_persons 1, @note_type, @consent, @consent_note, @consent_group;
    -- What is under way can't be passed over: whoever asks again must ask once more.
    IF EXISTS (SELECT 1 FROM #stuck) THROW 50302, 'a customer is locked', 1;
    SET @want = 0;
  END;

  SET @claimed = 0;
  WHILE @claimed < @want AND (SELECT COUNT(*) FROM #stuck) < @patience
  BEGIN
    SET @most = CASE WHEN @cap_run < @day THEN @cap_run ELSE @day END;
    IF @month < @most SET @most = @month;
    SET @row = NULL;
    SELECT TOP (1) @row = v.invitation_no, @customer = v.customer_id, @segments = v.segments FROM tgn.invitation v
    WHERE v.state = 'planned' AND v.bot_id = @bot_id AND (v.not_before_utc IS NULL OR v.not_before_utc <= @now) AND v.segments <= @most
      AND EXISTS (SELECT 1 FROM #task t WHERE t.task_id = v.task_id) AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = v.customer_id))
      AND NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = v.customer_id)
    ORDER BY v.invitation_no;
    IF @row IS NULL BREAK;
    SET @no = @no + 1;
    INSERT INTO #invitee (no, customer_id, operation_id, date, operations, row_no)
    SELECT @no, customer_id, operation_id, operation_date, 1, invitation_no FROM tgn.invitation WHERE invitation_no = @row;
    EXEC tgn.read_persons @no, @note_type, @consent, @consent_note, @consent_group;
    IF NOT EXISTS (SELECT 1 FROM #stuck WHERE customer_id = @customer)
    BEGIN
      UPDATE tgn.invitation SET state = 'sending', claim_id = @claim_id, run_no = @run_no, sent_utc = @now, changed_utc = @now
      WHERE invitation_no = @row AND state = 'planned';
      SELECT @claimed = @claimed + 1, @cap_run = @cap_run - @segments, @day = @day - @segments, @month = @month - @segments;
    END;
  END;

  SELECT @due = COUNT(*), @least = MIN(v.segments) FROM tgn.invitation v
  WHERE v.state = 'planned' AND v.bot_id = @bot_id AND (v.not_before_utc IS NULL OR v.not_before_utc <= @now)
    AND EXISTS (SELECT 1 FROM #task t WHERE t.task_id = v.task_id) AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = v.customer_id))
    AND NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = v.customer_id);
  -- The cap that even the smallest due invitation doesn't fit into; where several don't, the one with least left.
  SELECT TOP (1) @capped = c.name
  FROM (SELECT 1 AS no, 'run' AS name, @cap_run AS rest UNION ALL SELECT 2, 'day', @day UNION ALL SELECT 3, 'month', @month) c
  WHERE c.rest < @least
  ORDER BY c.rest, c.no;
  IF @least IS NOT NULL AND @capped IS NULL SET @next_due = @now;
  ELSE
    SELECT @next_due = MIN(v.not_before_utc) FROM tgn.invitation v
    WHERE v.state = 'planned' AND v.bot_id = @bot_id AND v.not_before_utc > @now
      AND EXISTS (SELECT 1 FROM #task t WHERE t.task_id = v.task_id) AND (@any_customer = 1 OR EXISTS (SELECT 1 FROM #only w WHERE w.id = v.customer_id));
  -- Locked customers are looked at again in a while.
  IF EXISTS (SELECT 1 FROM #stuck) AND (@next_due IS NULL OR @next_due = @now OR @next_due > DATEADD(ms, 5000, @now))
    SET @next_due = DATEADD(ms, 5000, @now);
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;

  SELECT 'claimed' AS answer, @now AS now_utc, CONVERT(varchar(23), @wall, 121) AS wall_now, @capped AS capped,
    CASE WHEN @capped IS NULL THEN 0 ELSE @due END AS held, @next_due AS next_due_utc;
  EXEC tgn.show_invitees @bot_id, @now;
END;
GO
