-- What a person writes into the ledger by hand. Parameters: the bot, rows, a verdict and its reason, the time. Locks: the database's write lock, a
-- transaction a call. The guards stand in the statements: only what is in doubt is resolved, only what nobody has planned is marked.

--! resolve
update delivery set
  state = :state, reason = :code, repeat = iif(:state = 'planned', 1, repeat),
  not_before_utc = null, run_id = iif(:state = 'planned', null, run_id), changed_utc = :now,
  resolved = iif(resolved is null, '', resolved || ' | ') || :resolved
where state = 'in_doubt' and bot_id = :bot and (:rows is null or delivery_no in (select value from json_each(:rows)));

--! retry
-- Surely not sent, so no mark; what is told once more stays together. As if planned now, or it would be too old at once.
update delivery set
  state = 'planned', reason = null, run_id = null, attempt_no = iif(repeat, attempt_no, null), not_before_utc = null, planned_utc = :now,
  changed_utc = :now, resolved = iif(resolved is null, '', resolved || ' | ') || :resolved
where state = 'refused' and bot_id = :bot and reason in (select value from json_each(:codes))
  and (:rows is null or delivery_no in (select value from json_each(:rows)));

--! pause
update bot set paused_until_utc = :until where bot_id = :bot;

--! pause_new_bots
update place set paused = :paused;

--! save_key
update place set key_fingerprint = :fingerprint;

--! bind
update place set bound_to = :here;

--! newest_run
select started_utc as startedAt from run where bot_id = :bot order by run_no desc limit 1;

--! first_task
select task_id as taskId from task where bot_id = :bot order by task_id limit 1;

--! gap
-- Keyset of (date, id), as a look has it.
select o.operation_id as id, o.customer_id as customerId, o.date
from operation o
where o.date >= :from and (o.date > :afterDate or (o.date = :afterDate and o.operation_id > :afterId))
order by o.date, o.operation_id limit :limit;

--! mark
insert into delivery (bot_id, operation_id, task_id, customer_id, operation_date, state, reason, planned_utc, changed_utc)
select :bot, :operation, :task, :customer, :date, 'skipped', 'marked', :now, :now
where not exists (select 1 from delivery where bot_id = :bot and operation_id = :operation);

--! mark_planned
update delivery set state = 'skipped', reason = 'marked', changed_utc = :now where state = 'planned' and bot_id = :bot;

--! repeat_planned
-- They may have been told in the stretch that the database has lost.
update delivery set repeat = 1 where state = 'planned' and bot_id = :bot;
