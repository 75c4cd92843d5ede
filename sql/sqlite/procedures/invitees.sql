-- Who is to be weighed for an invitation. Parameters: bot, task, the customers that are meant (JSON; null = all), the note type's name, the
-- consent that is asked for (none | note | group, and its name or id), the time. The customers are gathered in a table of this connection
-- with the first page, so that pages neither move under what is saved between them nor cost more than they show. Takes no lock.

--! make
create temp table if not exists invitee (
  customer_id text primary key, operation_id text not null, date text not null, operations integer not null, gone integer not null default 0
) without rowid;

--! clear
delete from invitee;

--! gather_asking
-- Beside max() SQLite gives the other columns of the same row: the newest operation.
insert into invitee (customer_id, operation_id, date, operations)
select customer_id, operation_id, max(operation_date), count(*) from delivery indexed by ix_delivery_asks
where asks = 1 and bot_id = :bot and task_id = :task and (:customers is null or customer_id in (select value from json_each(:customers)))
group by customer_id;

--! gather_look
-- Those whom a look would plan as not subscribed, for a dry run. Parameters: candidate's, and the place where a limit stops the plan.
insert into invitee (customer_id, operation_id, date, operations)
select customer_id, operation_id, max(date), count(*) from (
--@ candidate
)
where verdict = 'not_subscribed' and (date, operation_id) < (:beforeDate, :beforeId)
group by customer_id
on conflict (customer_id) do update set
  operation_id = iif(excluded.date > date, excluded.operation_id, operation_id),
  date = max(date, excluded.date), operations = operations + excluded.operations;

--! mark_gone
-- Nothing of them is left to be read; asked once, so that the page may lead from the customer's own keys.
update invitee set gone = 1 where not exists (select 1 from customer c where c.customer_id = invitee.customer_id);

--! count
select count(*) as total from invitee;

--! part_person
-- What decides of one customer. An SMS that a person knows was never sent (refused by hand) is no invitation. The operation is `i.operation_id`; `ownRow` is the invitation that is being sent, no part of its own past.
  c.customer_id as customerId, c.name as customerName, c.group_id as groupId, c.group_name as groupName,
  c.live and exists (select 1 from operation o where o.operation_id = i.operation_id) as live,
  c.phones_xml as phonesXml, c.profile_phone as profilePhone, c.may_invite as mayInvite,
  (select json_group_array(cast(phone as text)) from (select phone from customer_phone p where p.customer_id = i.customer_id order by p.phone_id)) as phones,
  s.state as subscription, coalesce(s.epoch, 0) as epoch, h.language,
  coalesce((
    select trim(n.text, ' ' || char(9, 10, 13, 160)) <> '' from note n where n.customer_id = i.customer_id and n.note_type = :noteType
    order by n.at desc, n.note_id desc limit 1
  ), 0) as noted,
  case :consent
    when 'none' then 1
    when 'note' then coalesce((
      select trim(n.text, ' ' || char(9, 10, 13, 160)) <> '' from note n where n.customer_id = i.customer_id and n.note_type = :consentItem
      order by n.at desc, n.note_id desc limit 1
    ), 0)
    else exists (select 1 from customer_group g where g.ancestor_id = :consentItem and g.group_id = c.group_id)
  end as consented,
  (select count(*) from invitation v where v.bot_id = :bot and v.customer_id = i.customer_id and v.invitation_no <> :ownRow
    and (v.state in ('sending', 'accepted', 'in_doubt') or (v.state = 'refused' and v.reason <> 'by_hand'))) as sent,
  (select max(v.sent_utc) from invitation v where v.bot_id = :bot and v.customer_id = i.customer_id and v.invitation_no <> :ownRow
    and (v.state in ('sending', 'accepted', 'in_doubt') or (v.state = 'refused' and v.reason <> 'by_hand'))) as lastAt,
  (select coalesce(sum(v.segments), 0) from invitation v where v.bot_id = :bot and v.customer_id = i.customer_id and v.invitation_no <> :ownRow
    and v.state in ('sending', 'accepted', 'in_doubt') and v.sent_utc > :yearFrom) as segments,
  exists (select 1 from invitation v where v.bot_id = :bot and v.customer_id = i.customer_id and v.invitation_no <> :ownRow
    and v.state in ('planned', 'sending')) as waiting

--! part_joins
-- A view on the right of a left join would be read whole for every page: 43 to 63 s instead of 9.4 s for 100,000 customers.
cross join customer c on c.customer_id = i.customer_id
left join subscription s on s.bot_id = :bot and s.customer_id = i.customer_id
left join chat h on h.bot_id = s.bot_id and h.chat_id = s.chat_id

--! page
select i.customer_id as id, i.operation_id as operationId, i.date, i.operations,
--@ part_person
from invitee i
--@ part_joins
where i.customer_id > :after and i.gone = 0 order by i.customer_id limit :limit;

--! gone_page
select customer_id as id, operation_id as operationId, date, operations from invitee
where customer_id > :after and gone = 1 order by customer_id limit :limit;

--! of_row
select i.customer_id as id, i.operation_id as operationId, i.operation_date as date, 1 as operations,
--@ part_person
from invitation i
--@ part_joins
where i.invitation_no = :ownRow;

--! gone_of_row
select customer_id as id, operation_id as operationId, operation_date as date, 1 as operations from invitation where invitation_no = :ownRow;

--! spent
select
  coalesce(sum(iif(sent_utc >= :dayFrom, segments, 0)), 0) as day, coalesce(sum(segments), 0) as month
from invitation indexed by ix_invitation_sent
where bot_id = :bot and state in ('sending', 'accepted', 'in_doubt') and sent_utc >= :monthFrom;

--! waiting
select count(*) as rows, coalesce(sum(segments), 0) as segments from invitation indexed by ix_invitation_planned
where bot_id = :bot and state = 'planned';
