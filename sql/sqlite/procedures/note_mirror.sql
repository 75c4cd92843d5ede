-- Tillypad's note that holds a chat id, and our mirror of it. Besides tables.sql and views.sql the only file that names columns of tp_ tables.
-- The newest note of a customer counts: nothing keeps a «unique» note unique. Parameters: the bot, the note type's name, customers.
-- Locks: the database's write lock for the writing statements; each customer's note is written in a transaction of its own.

--! notes
-- Numbers come as whole digits, whatever type the note was made with. The type leads (cross join): others' notes are many.
select
  n.note_obj_ID as customer_id, n.note_ID as note_id,
  case typeof(n.note_Value) when 'real' then printf('%.0f', n.note_Value) else cast(n.note_Value as text) end as value,
  row_number() over (partition by n.note_obj_ID order by n.note_Date desc, n.note_ID desc) as place
from tp_NoteTypes t
cross join tp_Notes n on n.note_nttp_ID = t.nttp_ID
where t.nttp_Name = :noteType and t.nttp_del_ID is null

--! newest
-- A note of blanks says nothing.
select customer_id, note_id, case when trim(value, ' ' || char(9, 10, 13, 160)) <> '' then value end as text from (
--@ notes
)
where place = 1

--! changed
with newest as materialized (
--@ newest
),
changed as (
  select n.customer_id, n.text, m.noted from newest n
  left join note_mirror m on m.bot_id = :bot and m.customer_id = n.customer_id
  where n.text is not m.noted
  union all
  select m.customer_id, null, m.noted from note_mirror m
  where m.bot_id = :bot and m.noted is not null and m.customer_id not in (select customer_id from newest)
)
select h.customer_id as customerId, h.text, h.noted, s.chat_id as chatId, s.state, s.origin, s.epoch
from changed h
cross join customer c on c.customer_id = h.customer_id and c.live
left join subscription s on s.bot_id = :bot and s.customer_id = h.customer_id
order by h.customer_id
limit :limit;

--! note_type
-- One that is in use before one that is disabled.
select nttp_ID as id from tp_NoteTypes where nttp_Name = :noteType and nttp_del_ID is null order by nttp_IsDisabled, nttp_ID limit 1;

--! note_of
-- As `newest`, but the customer leads.
select id, case when trim(value, ' ' || char(9, 10, 13, 160)) <> '' then value end as text from (
  select
    n.note_ID as id, n.note_Date as at,
    case typeof(n.note_Value) when 'real' then printf('%.0f', n.note_Value) else cast(n.note_Value as text) end as value
  from tp_Notes n
  cross join tp_NoteTypes t on t.nttp_ID = n.note_nttp_ID
  where n.note_obj_ID = :customer and t.nttp_Name = :noteType and t.nttp_del_ID is null
)
order by at desc, id desc limit 1;

--! write_note
update tp_Notes set note_Value = :text, note_Date = :wallNow where note_ID = :id;

--! add_note
insert into tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value)
values (:id, :noteType, :customer, :customer, :wallNow, :text);

--! noted
insert into note_mirror (bot_id, customer_id, noted) values (:bot, :customer, :noted)
on conflict (bot_id, customer_id) do update set noted = excluded.noted;

--! want
-- What the note should say follows from the subscription. Where staff have cleared the note themselves, it is theirs.
insert into note_mirror (bot_id, customer_id, wanted, pending)
select bot_id, customer_id, iif(state = 'active', chat_id, null), 1 from subscription where bot_id = :bot and customer_id = :customer
on conflict (bot_id, customer_id) do update set wanted = excluded.wanted;

--! settle
update note_mirror set pending = wanted is not noted
  and exists (select 1 from subscription s where s.bot_id = :bot and s.customer_id = :customer and s.state <> 'cleared')
where bot_id = :bot and customer_id = :customer;

--! pending
-- Those that failed least come first, so that a note that can't be written doesn't keep others waiting.
select customer_id as customer, noted, wanted from note_mirror indexed by ix_note_mirror_pending
where bot_id = :bot and pending = 1 order by failures, customer_id limit :limit;

--! is_customer
select 1 as found from customer where customer_id = :customer;

--! mirrored
update note_mirror set noted = wanted, pending = 0, failures = 0, failure = null where bot_id = :bot and customer_id = :customer;

--! failed
update note_mirror set failures = failures + 1, failure = :failure where bot_id = :bot and customer_id = :customer;
