-- Opens a run. Parameters: the runner, its tasks, the time. `leave_word` is committed before the lock is tried: whoever holds it then sees
-- the word after unlocking. All else is one transaction under the bot's lock.

--! leave_word
insert into wake (bot_id, task_id, kind, made_utc) values (:bot, :task, 'run', :now);

--! holder
select host, pid, started_utc as startedAt, heartbeat_utc as heartbeatAt from run
where bot_id = :bot and finished_utc is null order by run_no desc limit 1;

--! place
select bound_to as boundTo, key_fingerprint as keyFingerprint, paused from place;

--! bot
select offset, polled_utc as polledAt, quiet_until_utc as quietUntil, paused_until_utc as pausedUntil from bot where bot_id = :bot;

--! other_bot
-- A task that another bot has told about: with a second bot every guest would be told again.
select bot_id as botId from task where bot_id <> :bot and task_id in (select value from json_each(:tasks)) order by bot_id limit 1;

--! known_run
select 1 as known from run where run_no = :runNo and run_id = :runId;

--! newest_run
select run_no as runNo, coalesce(finished_utc, heartbeat_utc) as knownAt from run order by run_no desc limit 1;

--! bind
insert into bot (bot_id, bound_utc, paused_until_utc) values (:bot, :now, :pausedUntil);

--! end_dead
update run set finished_utc = heartbeat_utc where bot_id = :bot and finished_utc is null;

--! start
insert into run (run_id, bot_id, started_utc, heartbeat_utc, host, pid, started_by) values (:runId, :bot, :now, :now, :host, :pid, :startedBy);

--! add_task
insert or ignore into task (bot_id, task_id) values (:bot, :task);
