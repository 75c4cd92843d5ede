-- How the ledger stands, of one bot or (bot null) of all. Parameters: the bot, the time. Takes no lock. The counts walk the table of deliveries
-- once: a second on a few million rows, and nobody waits for it.

--! place
select bound_to as boundTo, key_fingerprint as keyFingerprint, paused from place;

--! bot
select offset, polled_utc as polledAt, quiet_until_utc as quietUntil, paused_until_utc as pausedUntil from bot where bot_id = :bot;

--! all_bots
-- Paused only where every bot is.
select
  null as offset, max(polled_utc) as polledAt, max(quiet_until_utc) as quietUntil,
  iif(count(*) = count(paused_until_utc), min(paused_until_utc), null) as pausedUntil
from bot having count(*) > 0;

--! runs
select run_no as runNo, started_utc as startedAt, finished_utc as finishedAt, exit_code as exitCode, host, summary from run
where :bot is null or bot_id = :bot order by run_no desc limit :limit;

--! holder
select host, pid, started_utc as startedAt, heartbeat_utc as heartbeatAt from run
where finished_utc is null and (:bot is null or bot_id = :bot) order by run_no desc limit 1;

--! deliveries
select state, iif(state = 'skipped', reason, null) as reason, count(*) as n from delivery where :bot is null or bot_id = :bot group by 1, 2;

--! waiting
select
  count(*) filter (where not_before_utc is null or not_before_utc <= :now) as due,
  count(*) filter (where not_before_utc > :now) as later,
  min(not_before_utc) filter (where not_before_utc > :now) as nextAt,
  min(operation_date) as oldest
from delivery indexed by ix_delivery_planned where state = 'planned' and (:bot is null or bot_id = :bot);

--! subscriptions
select state, count(*) as n, count(*) filter (where state = 'active' and origin = 'note') as byNote from subscription
where :bot is null or bot_id = :bot group by state;

--! refused_links
select reason, count(*) as n from refused_link where :bot is null or bot_id = :bot group by reason order by n desc, reason;

--! notes_failed
select count(*) as n from note_mirror indexed by ix_note_mirror_pending
where pending = 1 and failures > 0 and (:bot is null or bot_id = :bot);

--! unread
-- Words of runs aside: who left one found another run at work.
select min(made_utc) as since from wake where served_utc is null and kind <> 'run' and (:bot is null or bot_id = :bot);

--! tasks
select
  task_id as taskId, watermark, first_look_done as firstLookDone,
  overlap_look_at as overlapLookAt, deep_look_at as deepLookAt, brake_held_at as brakeHeldAt
from task where :bot is null or bot_id = :bot order by task_id, bot_id;
