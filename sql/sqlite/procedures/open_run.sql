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

--! clock_set_back
-- The newest run's own stamps tell it: later than `limit`, a little after now, as clocks are corrected by seconds all the time.
select 1 as back from (select * from run where bot_id = :bot order by run_no desc limit 1)
where started_utc > :limit or heartbeat_utc > :limit or finished_utc > :limit;

--! mend_runs
-- From here on: stamps that lie in the future come back to now. Otherwise what waits for a moment, a silence or a second try would wait until the
-- old clock's time comes again, and SMS of those days would be spent on each day until then.
update run set started_utc = min(started_utc, :now), heartbeat_utc = min(heartbeat_utc, :now), finished_utc = min(finished_utc, :now)
where bot_id = :bot and (started_utc > :now or heartbeat_utc > :now or finished_utc > :now);

--! mend_bot
-- Whoever stopped us a while ago says so again.
update bot set quiet_until_utc = null, polled_utc = iif(polled_utc > :now, :now - 60000, polled_utc) where bot_id = :bot;

--! mend_planned
update delivery set not_before_utc = null, planned_utc = min(planned_utc, :now)
where state = 'planned' and bot_id = :bot and (not_before_utc > :now or planned_utc > :now);

--! mend_open
update delivery set changed_utc = :now where state in ('sending', 'in_doubt') and bot_id = :bot and changed_utc > :now;

--! mend_calls
update attempt set started_utc = :now where finished_utc is null and bot_id = :bot and started_utc > :now;

--! mend_waiting_invitations
-- The hours in which an SMS may go are asked about again before it goes.
update invitation set not_before_utc = null where state = 'planned' and bot_id = :bot and not_before_utc > :now;

--! mend_invitations
update invitation set sent_utc = min(sent_utc, :now), changed_utc = min(changed_utc, :now)
where bot_id = :bot and (sent_utc > :now or changed_utc > :now);

--! mend_refused_links
update refused_link set at_utc = :now where bot_id = :bot and at_utc > :now;

--! mend_words
update wake set made_utc = :now where bot_id = :bot and served_utc is null and made_utc > :now;

--! start
insert into run (run_id, bot_id, started_utc, heartbeat_utc, host, pid, started_by) values (:runId, :bot, :now, :now, :host, :pid, :startedBy);

--! add_task
insert or ignore into task (bot_id, task_id) values (:bot, :task);
