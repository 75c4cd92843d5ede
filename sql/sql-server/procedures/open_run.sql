-- Opens a run. Leaves a word for each task and commits it; only then tries the bot's lock, so that whoever holds it sees the word after
-- unlocking. All else is one transaction under the lock; whatever isn't «opened» leaves the lock free.
-- Parameters: @contract, the schema that the program wants; the runner; @tasks; @remembered_no and @remembered_id, the host's last run (null: none).
-- Result: one row that begins with answer: opened | busy | copy | other_bot | other_key | restored | schema | upgrading | not_primary | read_only;
-- after «opened» a second set, the tasks as read_tasks gives them.
-- Locks: tgn:…:schema Shared and tgn:…:bot:… Exclusive, of the session, until finish_run, release_run or the connection's end.
DROP PROCEDURE IF EXISTS tgn.open_run;
GO
CREATE PROCEDURE tgn.open_run
  @contract int,
  @run_id varchar(40),
  @bot_id bigint,
  @host nvarchar(128),
  @pid int,
  @key_fingerprint varchar(100),
  @remembered_no int,
  @remembered_id varchar(40),
  @started_by varchar(20),
  @tasks tgn.text_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A set comes in without statistics, and its plan would be tied to the first caller's: it is copied first, here and wherever one comes in.
  CREATE TABLE #tasks (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #tasks (item) SELECT item FROM @tasks;
  DECLARE @lock nvarchar(255), @schema_lock nvarchar(255), @got int, @now datetime2(3), @wall datetime, @found int;
  SET @lock = N'tgn:' + DB_NAME() + N':bot:' + CAST(@bot_id AS nvarchar(20));
  SET @schema_lock = N'tgn:' + DB_NAME() + N':schema';

  IF CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS varchar(20)) = 'READ_ONLY'
  BEGIN
    -- A readable secondary is read-only without having been set so. The own database's row is seen without any right.
    IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND is_read_only = 1) SELECT 'read_only' AS answer;
    ELSE SELECT 'not_primary' AS answer;
    RETURN;
  END;

  EXEC @got = sp_getapplock @Resource = @schema_lock, @LockMode = 'Shared', @LockOwner = 'Session', @LockTimeout = 1;
  IF @got < 0
  BEGIN
    SELECT 'upgrading' AS answer;
    RETURN;
  END;
  SELECT @found = MAX(version) FROM tgn.ledger_schema;
  IF @found IS NULL OR @found <> @contract OR NOT EXISTS (SELECT 1 FROM tgn.place)
  BEGIN
    EXEC sp_releaseapplock @Resource = @schema_lock, @LockOwner = 'Session';
    SELECT 'schema' AS answer, CASE WHEN @found = @contract THEN NULL ELSE @found END AS found;
    RETURN;
  END;

  SELECT @now = now_utc, @wall = wall_now FROM tgn.clock;
  INSERT INTO tgn.wake (bot_id, task_id, kind, made_utc) SELECT @bot_id, item, 'run', @now FROM #tasks ORDER BY item;

  EXEC @got = sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 1;
  IF @got < 0
  BEGIN
    EXEC sp_releaseapplock @Resource = @schema_lock, @LockOwner = 'Session';
    SELECT 'busy' AS answer, r.host, r.pid, r.started_utc AS started_at, r.heartbeat_utc AS heartbeat_at
    FROM (SELECT 1 AS one) o
    LEFT JOIN tgn.run r WITH (NOLOCK) ON r.run_no = (SELECT MAX(run_no) FROM tgn.run WITH (NOLOCK) WHERE bot_id = @bot_id AND finished_utc IS NULL);
    RETURN;
  END;

  DECLARE @answer varchar(20), @bound_to nvarchar(400), @fingerprint varchar(100), @paused bit, @here nvarchar(400), @bound bit, @other bigint,
    @last_known datetime2(3), @last_no int, @own_no int, @run_no int, @fork uniqueidentifier, @known_fork uniqueidentifier;
  -- A login that may not see it (VIEW ANY DATABASE, which public has unless somebody took it) has no such sign.
  BEGIN TRY
    SELECT @fork = recovery_fork_guid FROM sys.database_recovery_status WHERE database_id = DB_ID();
  END TRY
  BEGIN CATCH
    SET @fork = NULL;
  END CATCH;
  BEGIN TRANSACTION;
  SELECT @bound_to = bound_to, @fingerprint = key_fingerprint, @paused = paused, @known_fork = fork FROM tgn.place;
  SELECT @here = place FROM tgn.here;
  SET @bound = CASE WHEN EXISTS (SELECT 1 FROM tgn.bot WHERE bot_id = @bot_id) THEN 0 ELSE 1 END;
  -- A task that another bot has told about: with a second bot every guest would be told again.
  IF @bound = 1 SELECT @other = MIN(bot_id) FROM tgn.task WHERE bot_id <> @bot_id AND task_id IN (SELECT item FROM #tasks);
  -- NOLOCK: it may be another bot's, whose transaction nobody here waits for, and is only told.
  SELECT TOP (1) @last_no = run_no, @last_known = COALESCE(finished_utc, heartbeat_utc) FROM tgn.run WITH (NOLOCK) ORDER BY run_no DESC;
  SELECT TOP (1) @own_no = run_no FROM tgn.run WITH (NOLOCK) WHERE bot_id = @bot_id ORDER BY run_no DESC;
  -- In this order: a copy says nothing of bots, and a past that doesn't fit is told last, when all else fits.
  SET @answer = CASE
    WHEN @bound_to <> @here THEN 'copy'
    WHEN @other IS NOT NULL THEN 'other_bot'
    WHEN @fingerprint <> @key_fingerprint THEN 'other_key'
    WHEN @remembered_no IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tgn.run WHERE run_no = @remembered_no AND run_id = @remembered_id) THEN 'restored'
    -- A host without a memory, new or reinstalled, has only this sign, and so has one in reserve: what it knows is older than the backup, and
    -- another one's later runs may be lost. One that knows the bot's newest run goes on whatever the fork is: a failover begins one too.
    WHEN (@remembered_no IS NULL OR @remembered_no < @own_no) AND @fork <> @known_fork THEN 'restored'
    ELSE 'opened' END;
  IF @answer <> 'opened'
  BEGIN
    ROLLBACK TRANSACTION;
    EXEC sp_releaseapplock @Resource = @lock, @LockOwner = 'Session';
    EXEC sp_releaseapplock @Resource = @schema_lock, @LockOwner = 'Session';
    SELECT @answer AS answer, @bound_to AS bound_to, @here AS here, CAST(@other AS varchar(20)) AS other_bot, @fingerprint AS expected,
      @last_known AS last_known_at, COALESCE(@last_no, 0) AS run_no;
    RETURN;
  END;
  UPDATE tgn.place SET fork = @fork WHERE @fork IS NOT NULL AND (fork IS NULL OR fork <> @fork);
  IF @bound = 1
    INSERT INTO tgn.bot (bot_id, bound_utc, paused_until_utc)
    VALUES (@bot_id, @now, CASE WHEN @paused = 1 THEN CONVERT(datetime2(3), '9999-12-31T23:59:59', 126) END);
  -- The lock is ours, so they are dead; from here on their late writes answer lock_lost.
  -- By their numbers: a walk through the table would wait for another bot's run. NOLOCK: this bot's runs are written by nobody now.
  UPDATE tgn.run SET finished_utc = heartbeat_utc
  WHERE run_no IN (SELECT d.run_no FROM tgn.run d WITH (NOLOCK) WHERE d.bot_id = @bot_id AND d.finished_utc IS NULL)
  OPTION (LOOP JOIN, MAXDOP 1);
  -- A bot that has never run has no stamps.
  IF @bound = 0 EXEC tgn.mend_clock @bot_id, @now;
  INSERT INTO tgn.run (run_id, bot_id, started_utc, heartbeat_utc, host, pid, started_by)
  VALUES (@run_id, @bot_id, @now, @now, @host, @pid, @started_by);
  SET @run_no = SCOPE_IDENTITY();
  INSERT INTO tgn.task (bot_id, task_id)
  SELECT @bot_id, item FROM #tasks t WHERE NOT EXISTS (SELECT 1 FROM tgn.task k WHERE k.bot_id = @bot_id AND k.task_id = t.item);
  COMMIT TRANSACTION;

  SELECT
    'opened' AS answer, @run_no AS run_no, @now AS now, CONVERT(varchar(23), @wall, 121) AS wall_now, @bound AS bound,
    b.offset AS offset, b.polled_utc AS polled_at,
    CASE WHEN b.quiet_until_utc > @now THEN b.quiet_until_utc END AS quiet_until,
    CASE WHEN b.paused_until_utc > @now THEN b.paused_until_utc END AS paused_until,
    (SELECT COALESCE(MAX(wake_no), 0) FROM tgn.wake WITH (NOLOCK)) AS wake_no,
    (SELECT MAX(made_utc) FROM tgn.wake WITH (NOLOCK) WHERE bot_id = @bot_id AND kind = 'event' AND served_utc IS NULL) AS event_at
  FROM tgn.bot b WHERE b.bot_id = @bot_id;
  SELECT
    t.task_id, CONVERT(varchar(23), t.watermark, 121) AS watermark, t.first_look_done,
    CONVERT(varchar(23), t.overlap_look_at, 121) AS overlap_look_at, CONVERT(varchar(23), t.deep_look_at, 121) AS deep_look_at,
    CONVERT(varchar(23), t.brake_held_at, 121) AS brake_held_at
  FROM tgn.task t
  WHERE t.bot_id = @bot_id AND t.task_id IN (SELECT item FROM #tasks);
END;
GO
