-- What a look may tell about, by account type and by customer group: the task's filters and, unless `--since` asks for the past, since when
-- each is chosen (rule 8). Parameters: the choice as a JSON array, or ["*"] for all; bot and task. Two small tables of this connection, keyed,
-- so that the candidates' select asks once a row instead of walking the tree of groups. `since` '' = always. Takes no lock.

--! make_types
create temp table if not exists chosen_type (item_id text primary key, since text not null) without rowid;

--! make_groups
create temp table if not exists chosen_group (item_id text primary key, since text not null) without rowid;

--! clear_types
delete from chosen_type;

--! clear_groups
delete from chosen_group;

--! all_types
insert into chosen_type (item_id, since) select value, '' from json_each(:items) group by value;

--! all_groups
insert into chosen_group (item_id, since)
select '*', '' where :items = '["*"]'
union
select group_id, '' from customer_group where ancestor_id in (select value from json_each(:items));

--! admitted_types
-- When everything is chosen, a type that was chosen before everything was keeps its own, earlier time.
insert into chosen_type (item_id, since)
select case when j.value = '*' then a.item_id else j.value end, min(a.since)
from json_each(:items) j
join admitted a on a.bot_id = :bot and a.task_id = :task and a.kind = 'account_type' and (j.value = '*' or a.item_id in ('*', j.value))
group by 1;

--! admitted_groups
-- A group is admitted by itself, by any group above it, or by '*', whichever came first.
insert into chosen_group (item_id, since)
with recorded as (select item_id, since from admitted where bot_id = :bot and task_id = :task and kind = 'customer_group'),
chosen as (select group_id from customer_group where ancestor_id in (select value from json_each(:items)))
select item_id, min(since) from (
  select '*' as item_id, since from recorded where item_id = '*' and :items = '["*"]'
  union all
  select g.group_id, r.since from recorded r join customer_group g on g.ancestor_id = r.item_id
  where :items = '["*"]' or g.group_id in (select group_id from chosen)
  union all
  select c.group_id, r.since from recorded r join chosen c where r.item_id = '*'
)
group by item_id;
