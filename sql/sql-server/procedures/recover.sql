-- Judges what dead runs left. A free lock doesn't prove its holder dead: a connection that was cut leaves a process that may still be sending.
-- So a row is an orphan only when its run's last sign is longer ago than a lease (10 s), a whole call (@request_timeout_ms) and 5 s of grace.
-- Parameters: @bot_id, @run_no; @in_doubt repeat | ask | giveUp; @repeat_after_ms; @request_timeout_ms. Result: orphaned and
-- orphaned_invitations; judged_at, when the last of the rows that are still sending can be judged, or null; to_repeat. All zero without the lock.
-- Locks: the bot's open deliveries and invitations that change.
DROP PROCEDURE IF EXISTS tgn.recover;
GO
CREATE PROCEDURE tgn.recover
  @bot_id bigint,
  @run_no int,
  @in_doubt varchar(10),
  @repeat_after_ms bigint,
  @request_timeout_ms int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime, @proof datetime2(3), @orphaned int, @judged_at datetime2(3), @to_repeat int;
  DECLARE @orphaned_invitations int;
  SELECT @orphaned = 0, @orphaned_invitations = 0, @to_repeat = 0;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 1
  BEGIN
    SET @proof = DATEADD(ms, -(15000 + @request_timeout_ms), @now);
    -- By the runs' numbers, here and below: a walk through them would wait for another bot's, which is at work.
    UPDATE a SET finished_utc = @now, outcome = 'in_doubt', code = 'orphan'
    FROM tgn.attempt a JOIN tgn.run r ON r.run_no = a.run_no
    WHERE a.finished_utc IS NULL AND a.bot_id = @bot_id AND a.run_no <> @run_no
      AND a.started_utc <= @proof AND COALESCE(r.finished_utc, r.heartbeat_utc) <= @proof
      OPTION (LOOP JOIN, FORCE ORDER, MAXDOP 1);
    UPDATE d SET state = 'in_doubt', reason = 'orphan', tries = d.tries + 1, changed_utc = @now
    FROM tgn.delivery d JOIN tgn.run r ON r.run_no = d.run_no
    WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no <> @run_no
      AND d.changed_utc <= @proof AND COALESCE(r.finished_utc, r.heartbeat_utc) <= @proof
      OPTION (LOOP JOIN, FORCE ORDER, MAXDOP 1);
    SET @orphaned = @@ROWCOUNT;
    -- It counts as sent, and no policy ever repeats an SMS.
    UPDATE v SET state = 'in_doubt', reason = 'orphan', changed_utc = @now
    FROM tgn.invitation v JOIN tgn.run r ON r.run_no = v.run_no
    WHERE v.state = 'sending' AND v.bot_id = @bot_id AND v.run_no <> @run_no
      AND v.changed_utc <= @proof AND COALESCE(r.finished_utc, r.heartbeat_utc) <= @proof
      OPTION (LOOP JOIN, FORCE ORDER, MAXDOP 1);
    SET @orphaned_invitations = @@ROWCOUNT;
    SELECT @judged_at = DATEADD(ms, 15000 + @request_timeout_ms,
      MAX(CASE WHEN s.changed_utc > COALESCE(r.finished_utc, r.heartbeat_utc) THEN s.changed_utc ELSE COALESCE(r.finished_utc, r.heartbeat_utc) END))
    FROM (
      SELECT d.run_no, d.changed_utc FROM tgn.delivery d WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no <> @run_no
      UNION ALL
      SELECT v.run_no, v.changed_utc FROM tgn.invitation v WHERE v.state = 'sending' AND v.bot_id = @bot_id AND v.run_no <> @run_no
    ) s JOIN tgn.run r ON r.run_no = s.run_no
    OPTION (LOOP JOIN, FORCE ORDER, MAXDOP 1);
    -- Told once more at most: a second doubt stays for a person. The attempt's number stays, so that a digest is told again as it was.
    IF @in_doubt = 'repeat'
    BEGIN
      UPDATE tgn.delivery SET state = 'planned', reason = NULL, repeat = 1, run_no = NULL, not_before_utc = NULL, changed_utc = @now
      WHERE state = 'in_doubt' AND bot_id = @bot_id AND repeat = 0 AND resolved IS NULL
        AND changed_utc <= DATEADD(ms, -CAST(@repeat_after_ms % 1000 AS int), DATEADD(s, -CAST(@repeat_after_ms / 1000 AS int), @now));
      SET @to_repeat = @@ROWCOUNT;
    END;
    IF @in_doubt = 'giveUp'
      UPDATE tgn.delivery SET state = 'refused', reason = 'given_up', changed_utc = @now
      WHERE state = 'in_doubt' AND bot_id = @bot_id AND resolved IS NULL;
  END;
  COMMIT TRANSACTION;
  SELECT @orphaned AS orphaned, @orphaned_invitations AS orphaned_invitations, @judged_at AS judged_at, @to_repeat AS to_repeat;
END;
GO
