-- Brings stamps that lie in the future back to now, where the server's clock was set back since the bot's newest run: that run's own stamps tell it.
-- Otherwise what waits for a moment, a silence, a lease or a second try would wait until the old clock's time comes again, perhaps for months; and
-- SMS of those days would be spent on each day until then. A little is ordinary: clocks are corrected by seconds all the time.
-- Called by open_run in its transaction, under the lock. Parameters: the bot, the time. No result. Locks: the rows that change, and once, after the
-- clock was set back, a walk through the bot's runs, invitations and refused links.
DROP PROCEDURE IF EXISTS tgn.mend_clock;
GO
CREATE PROCEDURE tgn.mend_clock
  @bot_id bigint,
  @now datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @limit datetime2(3), @back bit;
  SET @limit = DATEADD(minute, 5, @now);
  -- NOLOCK: this bot's runs are written by nobody now, and for another bot's nobody here waits.
  SELECT TOP (1) @back = CASE WHEN started_utc > @limit OR heartbeat_utc > @limit OR finished_utc > @limit THEN 1 ELSE 0 END
  FROM tgn.run WITH (NOLOCK) WHERE bot_id = @bot_id ORDER BY run_no DESC;
  IF @back IS NULL OR @back = 0 RETURN;

  UPDATE tgn.run SET started_utc = CASE WHEN started_utc > @now THEN @now ELSE started_utc END,
    heartbeat_utc = CASE WHEN heartbeat_utc > @now THEN @now ELSE heartbeat_utc END,
    finished_utc = CASE WHEN finished_utc > @now THEN @now ELSE finished_utc END
  WHERE bot_id = @bot_id AND (started_utc > @now OR heartbeat_utc > @now OR finished_utc > @now);
  -- Whoever stopped us a while ago says so again.
  UPDATE tgn.bot SET quiet_until_utc = NULL, polled_utc = CASE WHEN polled_utc > @now THEN DATEADD(minute, -1, @now) ELSE polled_utc END
  WHERE bot_id = @bot_id;
  UPDATE tgn.delivery SET not_before_utc = NULL, planned_utc = CASE WHEN planned_utc > @now THEN @now ELSE planned_utc END
  WHERE state = 'planned' AND bot_id = @bot_id AND (not_before_utc > @now OR planned_utc > @now);
  UPDATE tgn.delivery SET changed_utc = @now WHERE state IN ('sending', 'in_doubt') AND bot_id = @bot_id AND changed_utc > @now;
  UPDATE tgn.attempt SET started_utc = @now WHERE finished_utc IS NULL AND bot_id = @bot_id AND started_utc > @now;
  -- The hours in which an SMS may go are asked about again before it goes.
  UPDATE tgn.invitation SET not_before_utc = NULL WHERE state = 'planned' AND bot_id = @bot_id AND not_before_utc > @now;
  UPDATE tgn.invitation SET sent_utc = CASE WHEN sent_utc > @now THEN @now ELSE sent_utc END,
    changed_utc = CASE WHEN changed_utc > @now THEN @now ELSE changed_utc END
  WHERE bot_id = @bot_id AND (sent_utc > @now OR changed_utc > @now);
  UPDATE tgn.refused_link SET at_utc = @now WHERE bot_id = @bot_id AND at_utc > @now;
  UPDATE w SET made_utc = @now FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
  WHERE w.bot_id = @bot_id AND w.served_utc IS NULL AND w.made_utc > @now;
END;
GO
