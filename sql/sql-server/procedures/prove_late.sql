-- Late proof: what this run has sent, and another run has judged in doubt since, turns delivered when its answer comes after all. Called by
-- advance in its transaction when the lock is lost. Parameters: the bot, the run that sent it, the time, the calls that ended and the
-- rows that were not in their messages. The guard is run and attempt:
-- rows that a person has resolved, or that are being told once more, stay as they are. Locks: the rows that change.
DROP PROCEDURE IF EXISTS tgn.prove_late;
GO
CREATE PROCEDURE tgn.prove_late
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @finished tgn.finished_list_1 READONLY,
  @released tgn.released_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE a SET outcome = 'delivered', code = NULL, detail = NULL, message_id = f.message_id, length = f.length, finished_utc = @now
  FROM tgn.attempt a JOIN @finished f ON f.attempt_no = a.attempt_no
  WHERE a.run_no = @run_no AND a.bot_id = @bot_id AND a.outcome = 'in_doubt' AND f.outcome = 'delivered';
  UPDATE d SET state = 'delivered', reason = NULL, changed_utc = @now
  FROM tgn.delivery d JOIN @finished f ON f.attempt_no = d.attempt_no
  WHERE d.state = 'in_doubt' AND d.bot_id = @bot_id AND d.run_no = @run_no AND d.resolved IS NULL AND f.outcome = 'delivered'
    AND NOT EXISTS (SELECT 1 FROM @released r WHERE r.attempt_no = d.attempt_no AND r.delivery_no = d.delivery_no);
END;
GO
