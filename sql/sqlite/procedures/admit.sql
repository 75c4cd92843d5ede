-- Since when each chosen account type and group is told about (rule 8). Parameters: bot, task, kind, item, time. Locks: the database's write
-- lock; the rows are few.

--! recorded
select item_id as item, since from admitted where bot_id = :bot and task_id = :task and kind = :kind;

--! descendants
-- Only pairs of the items at hand.
select ancestor_id as above, group_id as below from customer_group
where ancestor_id <> group_id and ancestor_id in (select value from json_each(:items)) and group_id in (select value from json_each(:items));

--! drop
delete from admitted where bot_id = :bot and task_id = :task and kind = :kind and item_id = :item;

--! add
insert into admitted (bot_id, task_id, kind, item_id, since) values (:bot, :task, :kind, :item, :since);
