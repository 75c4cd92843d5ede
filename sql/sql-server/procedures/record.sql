-- Records the calls that ended. Called by advance in its transaction, after the guard; adds the reasons of rows that ended to its #skipped.
-- Parameters: the bot, the run, the time; @expired, before which a row that is tried again must not have been planned; a 429 to be
-- remembered; the calls in their order, and the rows that were not in their messages. A call is recorded once, whatever is told of it
-- later; only a doubt may still be proved to have been delivered. Every statement carries its guard: state, attempt and run.
-- No result. Locks: the attempts, deliveries and subscriptions that change, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.record;
GO
CREATE PROCEDURE tgn.record
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @expired datetime2(3),
  @quiet_until datetime2(3),
  @finished tgn.finished_list_1 READONLY,
  @released tgn.released_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @turn int, @turns int;
  DECLARE @suspended tgn.id_list_1;
  DECLARE @ended TABLE (
    attempt_no bigint NOT NULL PRIMARY KEY, seq int NOT NULL, chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    outcome varchar(10) COLLATE Latin1_General_BIN2 NOT NULL, code varchar(20) COLLATE Latin1_General_BIN2 NULL, not_before_utc datetime2(3) NULL,
    late bit NOT NULL
  );

  -- What is told twice of one call is taken one after the other.
  SELECT @turns = MAX(n) FROM (SELECT COUNT(*) AS n FROM @finished GROUP BY attempt_no) c;
  SET @turn = 1;
  WHILE @turn <= @turns
  BEGIN
    IF @turn > 1 DELETE FROM @ended;
    INSERT INTO @ended (attempt_no, seq, chat_id, outcome, code, not_before_utc, late)
    SELECT a.attempt_no, f.seq, a.chat_id, f.outcome, f.code, f.not_before_utc, CASE WHEN a.finished_utc IS NULL THEN 0 ELSE 1 END
    FROM (SELECT seq, attempt_no, outcome, code, not_before_utc, ROW_NUMBER() OVER (PARTITION BY attempt_no ORDER BY seq) AS turn FROM @finished) f
    JOIN tgn.attempt a ON a.attempt_no = f.attempt_no
    WHERE f.turn = @turn AND a.run_no = @run_no AND (a.finished_utc IS NULL OR (a.outcome = 'in_doubt' AND f.outcome = 'delivered'));
    UPDATE a SET finished_utc = @now, outcome = f.outcome, code = f.code, detail = f.detail, message_id = f.message_id, length = f.length
    FROM tgn.attempt a JOIN @ended e ON e.attempt_no = a.attempt_no JOIN @finished f ON f.seq = e.seq
    WHERE a.run_no = @run_no AND (a.finished_utc IS NULL OR a.outcome = 'in_doubt');

    -- Not in the message: as if never claimed, except that what is told once more stays together.
    UPDATE d SET state = 'planned', run_no = NULL, attempt_no = CASE WHEN d.repeat = 1 THEN d.attempt_no END, not_before_utc = NULL, changed_utc = @now
    FROM tgn.delivery d JOIN @released r ON r.delivery_no = d.delivery_no JOIN @ended e ON e.attempt_no = r.attempt_no
    WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.attempt_no = r.attempt_no AND d.run_no = @run_no;

    IF EXISTS (SELECT 1 FROM @ended e JOIN @finished f ON f.seq = e.seq WHERE f.suspend_chat = 1)
    BEGIN
      DELETE FROM @suspended;
      INSERT INTO @suspended (id)
      SELECT s.customer_id FROM tgn.subscription s
      WHERE s.bot_id = @bot_id AND s.state = 'active'
        AND s.chat_id IN (SELECT e.chat_id FROM @ended e JOIN @finished f ON f.seq = e.seq WHERE f.suspend_chat = 1);
      UPDATE s SET state = 'suspended', changed_utc = @now
      FROM tgn.subscription s JOIN @suspended x ON x.id = s.customer_id
      WHERE s.bot_id = @bot_id AND s.state = 'active';
      EXEC tgn.want_notes @bot_id, @suspended;
    END;

    UPDATE d SET state = e.outcome, reason = CASE WHEN e.outcome <> 'delivered' THEN e.code END,
      tries = d.tries + CASE WHEN e.outcome = 'in_doubt' THEN 1 ELSE 0 END, changed_utc = @now
    FROM tgn.delivery d JOIN @ended e ON e.attempt_no = d.attempt_no
    WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = @run_no AND e.outcome <> 'retry';
    -- Late proof for a call that was in doubt.
    IF EXISTS (SELECT 1 FROM @ended WHERE late = 1)
      UPDATE d SET state = 'delivered', reason = NULL, changed_utc = @now
      FROM tgn.delivery d JOIN @ended e ON e.attempt_no = d.attempt_no
      WHERE d.state = 'in_doubt' AND d.bot_id = @bot_id AND d.run_no = @run_no AND d.resolved IS NULL AND e.outcome = 'delivered';
    -- Surely not sent: waits for its next try, until its time to live is over.
    IF EXISTS (SELECT 1 FROM @ended WHERE outcome = 'retry')
    BEGIN
      INSERT INTO #skipped (reason)
      SELECT 'too_old' FROM tgn.delivery d JOIN @ended e ON e.attempt_no = d.attempt_no
      WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = @run_no AND e.outcome = 'retry' AND d.planned_utc < @expired;
      UPDATE d SET state = CASE WHEN d.planned_utc < @expired THEN 'skipped' ELSE 'planned' END,
        reason = CASE WHEN d.planned_utc < @expired THEN 'too_old' END,
        run_no = NULL, not_before_utc = e.not_before_utc, tries = d.tries + 1, changed_utc = @now
      FROM tgn.delivery d JOIN @ended e ON e.attempt_no = d.attempt_no
      WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = @run_no AND e.outcome = 'retry';
    END;
    SET @turn = @turn + 1;
  END;
  IF @quiet_until IS NOT NULL
    UPDATE tgn.bot SET quiet_until_utc = @quiet_until WHERE bot_id = @bot_id AND (quiet_until_utc IS NULL OR quiet_until_utc < @quiet_until);
END;
GO
