-- How the ledger stands. Parameters: @bot_id, one bot or (null) all; @runs, how many runs at most. Result: one row: now, wall_now, bound_to, here, key_fingerprint, place_paused,
-- bound, offset, polled_at, quiet_until, paused_until, unread_since, notes_failed; then the newest runs; who holds the lock, if anybody; deliveries by
-- state and skip reason (state, reason, n); what is planned (due, later, next_at, oldest); subscriptions (state, n, by_note); refused links
-- (reason, n); tasks. The counts walk the ledger's table of deliveries once: a second on a few million rows, and nobody waits for it.
-- Locks: none that outlast a row's reading; nothing of Tillypad's is read.
DROP PROCEDURE IF EXISTS tgn.read_status;
GO
CREATE PROCEDURE tgn.read_status
  @bot_id bigint,
  @runs int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @wall datetime, @bots int;
  SELECT @now = now_utc, @wall = wall_now FROM tgn.clock;
  SELECT @bots = COUNT(*) FROM tgn.bot WHERE @bot_id IS NULL OR bot_id = @bot_id;

  -- Of all bots: paused only where every one is.
  SELECT @now AS now, CONVERT(varchar(23), @wall, 121) AS wall_now, p.bound_to, w.place AS here, p.key_fingerprint, p.paused AS place_paused,
    CAST(CASE WHEN @bots > 0 THEN 1 ELSE 0 END AS bit) AS bound, CASE WHEN @bot_id IS NOT NULL THEN b.offset END AS offset, b.polled_at,
    b.quiet_until, CASE WHEN b.paused = @bots THEN b.paused_until END AS paused_until,
    (SELECT MIN(w.made_utc) FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
      WHERE w.kind <> 'run' AND w.served_utc IS NULL AND (@bot_id IS NULL OR w.bot_id = @bot_id)) AS unread_since,
    (SELECT COUNT(*) FROM tgn.note_mirror m WHERE m.pending = 1 AND m.failures > 0 AND (@bot_id IS NULL OR m.bot_id = @bot_id)) AS notes_failed
  FROM tgn.place p
  CROSS JOIN tgn.here w
  CROSS JOIN (
    SELECT MAX(offset) AS offset, MAX(polled_utc) AS polled_at, MAX(quiet_until_utc) AS quiet_until, COUNT(paused_until_utc) AS paused,
      MIN(paused_until_utc) AS paused_until
    FROM tgn.bot WHERE @bot_id IS NULL OR bot_id = @bot_id
  ) b;

  -- NOLOCK: a run at work holds its own row while it waits for somebody else's.
  SELECT TOP (@runs) run_no, started_utc AS started_at, finished_utc AS finished_at, exit_code, host, summary FROM tgn.run WITH (NOLOCK)
  WHERE @bot_id IS NULL OR bot_id = @bot_id ORDER BY run_no DESC;
  SELECT TOP (1) host, pid, started_utc AS started_at, heartbeat_utc AS heartbeat_at FROM tgn.run WITH (NOLOCK)
  WHERE finished_utc IS NULL AND (@bot_id IS NULL OR bot_id = @bot_id) ORDER BY run_no DESC;
  SELECT d.state, d.reason, COUNT(*) AS n
  FROM (
    SELECT state, CASE WHEN state = 'skipped' THEN reason END AS reason FROM tgn.delivery WHERE @bot_id IS NULL OR bot_id = @bot_id
  ) d
  GROUP BY d.state, d.reason
  OPTION (MAXDOP 1);
  SELECT
    COUNT(CASE WHEN not_before_utc IS NULL OR not_before_utc <= @now THEN 1 END) AS due, COUNT(CASE WHEN not_before_utc > @now THEN 1 END) AS later,
    MIN(CASE WHEN not_before_utc > @now THEN not_before_utc END) AS next_at, CONVERT(varchar(23), MIN(operation_date), 121) AS oldest
  FROM tgn.delivery WHERE state = 'planned' AND (@bot_id IS NULL OR bot_id = @bot_id)
  OPTION (MAXDOP 1);
  SELECT state, COUNT(*) AS n, COUNT(CASE WHEN state = 'active' AND origin = 'note' THEN 1 END) AS by_note FROM tgn.subscription
  WHERE @bot_id IS NULL OR bot_id = @bot_id GROUP BY state;
  SELECT reason, COUNT(*) AS n FROM tgn.refused_link WHERE @bot_id IS NULL OR bot_id = @bot_id GROUP BY reason ORDER BY COUNT(*) DESC, reason;
  SELECT task_id, CONVERT(varchar(23), watermark, 121) AS watermark, first_look_done, CONVERT(varchar(23), overlap_look_at, 121) AS overlap_look_at,
    CONVERT(varchar(23), deep_look_at, 121) AS deep_look_at, CONVERT(varchar(23), brake_held_at, 121) AS brake_held_at
  FROM tgn.task WHERE @bot_id IS NULL OR bot_id = @bot_id ORDER BY task_id, bot_id;
END;
GO
