-- Records the calls that ended and claims the next notices, in one transaction under the guard of confirm.sql. Parameters: the bot, the run,
-- the time, the finished calls, what to claim. Every statement that changes a delivery carries its guard: state, attempt and run.
-- Locks: the database's write lock, for a few milliseconds. The planned rows are walked by skipping from customer to customer on
-- ix_delivery_planned, so that a claim costs what it claims and not what waits.

--! finish_attempt
-- Once only; a doubt may still be proved to have been delivered.
update attempt set finished_utc = :now, outcome = :outcome, code = :code, detail = :detail, message_id = :messageId, length = :length
where attempt_no = :attempt and run_id = :run and (finished_utc is null or (outcome = 'in_doubt' and :outcome = 'delivered'))
returning chat_id as chatId;

--! release
-- Not in the message: as if never claimed, except that what is told once more stays together.
update delivery set state = 'planned', run_id = null, attempt_no = iif(repeat, attempt_no, null), not_before_utc = null, changed_utc = :now
where delivery_no = :row and state = 'sending' and bot_id = :bot and attempt_no = :attempt and run_id = :run;

--! settle
update delivery set state = :state, reason = :reason, tries = tries + (:state = 'in_doubt'), changed_utc = :now
where state = 'sending' and bot_id = :bot and attempt_no = :attempt and run_id = :run;

--! prove
update delivery set state = 'delivered', reason = null, changed_utc = :now
where state = 'in_doubt' and bot_id = :bot and attempt_no = :attempt and run_id = :run and resolved is null;

--! retry
-- Surely not sent: waits for its next try, until its time to live is over.
update delivery set
  state = iif(:now - planned_utc > :timeToLiveMs, 'skipped', 'planned'), reason = iif(:now - planned_utc > :timeToLiveMs, 'too_old', null),
  run_id = null, not_before_utc = :notBefore, tries = tries + 1, changed_utc = :now
where state = 'sending' and bot_id = :bot and attempt_no = :attempt and run_id = :run
returning state;

--! suspend_chat
update subscription indexed by ix_subscription_chat set state = 'suspended', changed_utc = :now where bot_id = :bot and chat_id = :chatId and state = 'active'
returning customer_id as customerId;

--! quiet
update bot set quiet_until_utc = max(coalesce(quiet_until_utc, 0), :until) where bot_id = :bot;

--! claim_known
select exists (select 1 from attempt where claim_id = :claim) as known;

--! claimed
select a.attempt_no as attemptNo, a.chat_id as chatId, a.repeat, h.language from attempt a
left join chat h on h.bot_id = a.bot_id and h.chat_id = a.chat_id
where a.claim_id = :claim and a.run_id = :run and a.finished_utc is null order by a.attempt_no;

--! busy_chats
-- Calls that last longer than the second which `written_utc` keeps their chat for anyway.
select chat_id as chatId from attempt
where bot_id = :bot and run_id = :run and finished_utc is null and not (started_utc > :now - :spacing and started_utc <= :now);

--! part_head
-- A customer by the oldest row that is planned for them, and where they can be reached.
select
  d.customer_id as customerId, d.operation_date as oldest, d.not_before_utc as notBefore, d.repeat, d.attempt_no as attemptNo,
  s.state, s.chat_id as chatId, h.language, h.written_utc as writtenAt
from delivery d indexed by ix_delivery_planned
left join subscription s on s.bot_id = d.bot_id and s.customer_id = d.customer_id
left join chat h on h.bot_id = s.bot_id and h.chat_id = s.chat_id

--! head_after
--@ part_head
where d.state = 'planned' and d.bot_id = :bot and d.customer_id > :after
order by d.customer_id, d.operation_date, d.operation_id limit 1;

--! head_of
--@ part_head
where d.state = 'planned' and d.bot_id = :bot and d.customer_id = :customer
  and (:operations is null or d.operation_id in (select value from json_each(:operations)))
order by d.operation_date, d.operation_id limit 1;

--! narrow_customers
select value as customerId from json_each(:customers) group by value order by value;

--! narrow_operations
select distinct customer_id as customerId from delivery indexed by ux_delivery_operation
where state = 'planned' and bot_id = :bot and operation_id in (select value from json_each(:operations))
  and (:customers is null or customer_id in (select value from json_each(:customers)))
order by customer_id;

--! customer
select customer_id as customerId, name as customerName, group_id as groupId, group_name as groupName, live from customer
where customer_id = :customer;

--! part_row
-- A row with its operation as it is now; `customerId` null = the operation is gone.
select
  d.delivery_no as row, d.operation_date as plannedDate, d.operation_id as id, d.task_id as taskId, d.repeat, d.tries,
  d.attempt_no as attemptNo, d.not_before_utc as notBefore, d.planned_utc as plannedAt,
  o.customer_id as customerId, o.account_type_id as accountTypeId,
  (select t.name from account_type t where t.account_type_id = o.account_type_id) as accountType,
  o.date, cast(o.sum as text) as sum, o.document, o.description,
  (select v.name from division v where v.authorization_id = o.authorization_id) as division, o.return_of as returnOf

--! planned_of
-- What may belong to one notice: rows up to a date, or the rows of one attempt in doubt. At most LONGEST_DIGEST of them, as a literal: SQLite
-- prepares a statement anew for each value of a parameter that stands after `limit`, which here costs four times the reading.
--@ part_row
from delivery d indexed by ix_delivery_planned
left join operation o on o.operation_id = d.operation_id
where d.state = 'planned' and d.bot_id = :bot and d.customer_id = :customer and d.operation_date <= :until
  and (:attempt is null or d.attempt_no = :attempt)
  and (:operations is null or d.operation_id in (select value from json_each(:operations)))
order by d.operation_date, d.operation_id limit 20;

--! sending_of
--@ part_row
from delivery d indexed by ix_delivery_sending
left join operation o on o.operation_id = d.operation_id
where d.state = 'sending' and d.bot_id = :bot and d.attempt_no = :attempt
order by d.operation_date, d.operation_id;

--! skip_customer
-- Nothing of what is planned for them can be told.
update delivery set state = 'skipped', reason = :reason, changed_utc = :now
where state = 'planned' and bot_id = :bot and customer_id = :customer
  and (:operations is null or operation_id in (select value from json_each(:operations)));

--! skip_row
update delivery set state = 'skipped', reason = :reason, changed_utc = :now where delivery_no = :row and state = 'planned';

--! follow_row
-- Staff have given the operation to another customer: it is theirs now, and nobody else is told.
update delivery set customer_id = :customer, operation_date = :date, changed_utc = :now where delivery_no = :row and state = 'planned';

--! start_attempt
insert into attempt (bot_id, run_id, claim_id, chat_id, started_utc, repeat) values (:bot, :run, :claim, :chatId, :now, :repeat);

--! keep_attempt
-- Tried before: that attempt stays in the delivery's story.
insert or ignore into earlier_attempt (delivery_no, attempt_no) values (:row, :attempt);

--! mark_sending
update delivery set state = 'sending', attempt_no = :attempt, run_id = :run, not_before_utc = null, changed_utc = :now
where delivery_no = :row and state = 'planned';

--! write_chat
insert into chat (bot_id, chat_id, written_utc) values (:bot, :chatId, :now)
on conflict (bot_id, chat_id) do update set written_utc = excluded.written_utc;
