-- Records what became of SMS. Called by advance_invitations in its transaction. Parameters: the bot, the run that sent them, the time; @held 0: the
-- lock is lost, and only the late proof counts that one in doubt was accepted after all; what was sent. Every statement carries its guard, run and
-- state, so that telling it twice changes nothing. No result. Locks: the rows that change, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.record_invitations;
GO
CREATE PROCEDURE tgn.record_invitations
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @held bit,
  @sent tgn.sent_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- Refused for this number, in doubt, or not to be sent after all.
  IF @held = 1
    UPDATE v SET state = s.state, reason = s.reason, number = COALESCE(s.number, v.number), text = s.text, gateway = COALESCE(s.gateway, v.gateway),
      segments = COALESCE(s.segments, v.segments), detail = s.detail, sent_utc = CASE WHEN s.state = 'skipped' THEN NULL ELSE v.sent_utc END,
      changed_utc = @now
    FROM tgn.invitation v JOIN @sent s ON s.invitation_no = v.invitation_no
    WHERE v.state = 'sending' AND v.bot_id = @bot_id AND v.run_no = @run_no AND s.state IN ('refused', 'in_doubt', 'skipped');
  -- A doubt may still be proved to have been accepted.
  UPDATE v SET state = 'accepted', reason = s.reason, number = s.number, text = s.text, gateway = s.gateway, gateway_id = s.gateway_id,
    segments = s.segments, cost = COALESCE(s.cost, v.cost), detail = s.detail, changed_utc = @now,
    awaits = CASE WHEN s.gateway_id IS NULL THEN 0 ELSE 1 END
  FROM tgn.invitation v JOIN @sent s ON s.invitation_no = v.invitation_no
  WHERE v.state IN ('sending', 'in_doubt') AND (@held = 1 OR v.state = 'in_doubt') AND v.resolved IS NULL AND v.bot_id = @bot_id AND v.run_no = @run_no AND s.state = 'accepted';
  -- Surely not sent.
  IF @held = 1
    UPDATE v SET state = 'planned', run_no = NULL, claim_id = NULL, sent_utc = NULL, tries = v.tries + s.tried, segments = s.segments,
      not_before_utc = s.not_before_utc, detail = COALESCE(s.detail, v.detail), changed_utc = @now
    FROM tgn.invitation v JOIN @sent s ON s.invitation_no = v.invitation_no
    WHERE v.state = 'sending' AND v.bot_id = @bot_id AND v.run_no = @run_no AND s.state = 'planned';
END;
GO
