-- Customers, and what became of their operations, for `explain`, `link` and `resolve`. Parameters: a customer, an operation or digits of a
-- phone; the bot. Takes no lock. `has_phone` is a function of this connection (src/sqlite/desk-phones.ts): phones are free text.

--! part_customer
select
  c.customer_id as customerId, c.name as customerName, c.group_id as groupId, c.group_name as groupName, c.live,
  s.chat_id as chatId, s.state, s.origin, s.epoch, s.changed_utc as changedAt,
  (select h.language from chat h where h.bot_id = s.bot_id and h.chat_id = s.chat_id) as language

--! customer
--@ part_customer
from customer c left join subscription s on s.bot_id = :bot and s.customer_id = c.customer_id
where c.customer_id = :customer;

--! by_id
-- Of whichever bot knows the customer best.
--@ part_customer
from customer c left join subscription s on s.customer_id = c.customer_id
where c.customer_id = :customer order by s.state is not 'active', s.changed_utc desc limit 1;

--! ids_by_phone
select customer_id as customerId from (
  select customer_id from customer_phone where has_phone(phone, :phone)
  union
  select customer_id from customer where has_phone(phones_xml, :phone) or has_phone(profile_phone, :phone)
)
order by customer_id limit :limit;

--! phones
-- The newest generation first.
select phone from (
  select 1 as generation, phone, phone_id from customer_phone where customer_id = :customer
  union all
  select 2, phones_xml, null from customer where customer_id = :customer and phones_xml is not null
  union all
  select 3, profile_phone, null from customer where customer_id = :customer and profile_phone is not null
)
order by generation, phone_id;

--! noted
select noted from note_mirror where bot_id = :bot and customer_id = :customer;

--! part_operation
select
  o.operation_id as id, o.customer_id as customerId, o.account_type_id as accountTypeId,
  (select t.name from account_type t where t.account_type_id = o.account_type_id) as accountType,
  o.date, cast(o.sum as text) as sum, o.document, o.description,
  (select v.name from division v where v.authorization_id = o.authorization_id) as division, o.return_of as returnOf
from operation o

--! operations
-- The newest, and those told last: a backfill tells old ones.
--@ part_operation
where o.operation_id in (
    select n.operation_id from operation n where n.customer_id = :customer order by n.date desc, n.operation_id desc limit :limit
  ) or o.operation_id in (
    select d.operation_id from delivery d
    where d.bot_id = :bot and d.customer_id = :customer and d.attempt_no is not null
    order by d.changed_utc desc, d.delivery_no desc limit :limit
  )
order by o.date desc, o.operation_id desc;

--! operation
--@ part_operation
where o.operation_id = :operation;

--! part_delivery
select
  d.delivery_no as row, d.operation_id as operationId, d.customer_id as customerId, d.task_id as taskId, d.state, d.reason,
  d.planned_utc as plannedAt, iif(d.state in ('planned', 'sending'), null, d.changed_utc) as finishedAt,
  d.not_before_utc as notBefore, d.resolved, d.attempt_no as attemptNo
from delivery d

--! delivery
--@ part_delivery
where d.bot_id = :bot and d.operation_id = :operation;

--! deliveries_of
-- Of the operations shown, and those whose operation is gone from Tillypad.
select * from (
--@ part_delivery
  where d.bot_id = :bot and d.operation_id in (select value from json_each(:operations))
)
union all
select * from (
--@ part_delivery
  where d.bot_id = :bot and d.customer_id = :customer and not exists (select 1 from operation o where o.operation_id = d.operation_id)
  order by d.operation_date desc, d.operation_id desc limit :limit
);

--! in_doubt
--@ part_delivery
where d.state = 'in_doubt' and d.bot_id = :bot order by d.changed_utc, d.delivery_no limit :limit;

--! refused
--@ part_delivery
where d.state = 'refused' and d.bot_id = :bot and d.reason in (select value from json_each(:codes)) order by d.delivery_no limit :limit;

--! attempts
-- Of one delivery, the first first.
select
  attempt_no as attemptNo, chat_id as chatId, started_utc as startedAt, finished_utc as finishedAt, outcome, code, detail,
  message_id as messageId, repeat
from attempt
where attempt_no = :attempt or attempt_no in (select e.attempt_no from earlier_attempt e where e.delivery_no = :row)
order by attempt_no;

--! refused_links
select chat_id as chatId, update_id as updateId, reason, customer_id as customerId, at_utc as at from refused_link
where bot_id = :bot and customer_id = :customer order by refused_no desc limit :limit;
