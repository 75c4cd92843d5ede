-- The life of invitations under the guard of confirm.sql: what was weighed is saved, one at a time is claimed and recorded, statuses are kept.
-- Parameters: bot, run, the time, and what each statement names. Locks: the database's write lock, for a few milliseconds.

--! weigh
-- The rows that asked, up to the operation that was weighed; later ones ask anew.
update delivery set asks = 0
where asks = 1 and bot_id = :bot and task_id = :task and customer_id = :customer
  and operation_date <= coalesce((select d.operation_date from delivery d where d.bot_id = :bot and d.operation_id = :operation), operation_date);

--! add
-- One that waits already is enough: then nothing is added.
insert into invitation (
  bot_id, task_id, customer_id, operation_id, operation_date, state, reason, number, segments, cost, gateway, not_before_utc, planned_utc,
  changed_utc
)
select :bot, :task, :customer, :operation, d.operation_date, :state, :reason, :number, :segments, :cost, :gateway, :notBefore, :now, :now
from delivery d
where d.bot_id = :bot and d.operation_id = :operation
  and (:state <> 'planned' or not exists (
    select 1 from invitation v where v.bot_id = :bot and v.customer_id = :customer and v.state in ('planned', 'sending')));

--! accept
-- A doubt may still be proved to have been accepted. Whoever counts more segments is believed: caps are spent in money.
update invitation set
  state = 'accepted', reason = :reason, number = :number, text = :text, gateway = :gateway, gateway_id = :gatewayId,
  segments = max(:segments, coalesce(:counted, 0)), cost = coalesce(:cost, cost), detail = :detail, changed_utc = :now
where invitation_no = :row and run_id = :run and (state = 'sending' or (state = 'in_doubt' and resolved is null));

--! end
-- Refused for this number, in doubt, or not to be sent after all.
update invitation set
  state = :state, reason = :reason, number = coalesce(:number, number), text = :text, gateway = coalesce(:gateway, gateway),
  segments = coalesce(:segments, segments), detail = :detail, sent_utc = iif(:state = 'skipped', null, sent_utc), changed_utc = :now
where invitation_no = :row and run_id = :run and state = 'sending';

--! put_back
-- Surely not sent.
update invitation set
  state = 'planned', run_id = null, claim_id = null, sent_utc = null, tries = tries + :tried, segments = :segments, not_before_utc = :notBefore,
  detail = coalesce(:detail, detail), changed_utc = :now
where invitation_no = :row and run_id = :run and state = 'sending';

--! claimed
select invitation_no as row from invitation where claim_id = :claim and run_id = :run and bot_id = :bot and state = 'sending' order by invitation_no;

--! next
select invitation_no as row, segments from invitation indexed by ix_invitation_planned
where bot_id = :bot and state = 'planned' and (not_before_utc is null or not_before_utc <= :now) and segments <= :most
  and task_id in (select value from json_each(:tasks)) and (:customers is null or customer_id in (select value from json_each(:customers)))
order by invitation_no limit 1;

--! due
select count(*) as held, min(segments) as least from invitation indexed by ix_invitation_planned
where bot_id = :bot and state = 'planned' and (not_before_utc is null or not_before_utc <= :now)
  and task_id in (select value from json_each(:tasks)) and (:customers is null or customer_id in (select value from json_each(:customers)));

--! next_due
select min(not_before_utc) as at from invitation indexed by ix_invitation_planned
where bot_id = :bot and state = 'planned' and not_before_utc > :now
  and task_id in (select value from json_each(:tasks)) and (:customers is null or customer_id in (select value from json_each(:customers)));

--! claim
update invitation set state = 'sending', claim_id = :claim, run_id = :run, sent_utc = :now, changed_utc = :now
where invitation_no = :row and state = 'planned';

--! of_claim
select task_id as taskId, number, segments, tries from invitation where invitation_no = :row;

--! open
select invitation_no as row, gateway, gateway_id as gatewayId from invitation indexed by ix_invitation_open
where bot_id = :bot and gateway = :gateway and state = 'accepted' and coalesce(status, 'pending') in ('pending', 'unknown') and sent_utc >= :since
  and gateway_id is not null
order by status_utc, invitation_no limit :limit;

--! status
update invitation set status = :status, status_code = :code, status_utc = :now, cost = coalesce(:cost, cost)
where invitation_no = :row and bot_id = :bot and state = 'accepted' and gateway_id = :gatewayId;
