-- Groups above one, the nearest first, for own texts that hold for a group and its descendants. Parameter: the group. Takes no lock.

--! ancestors
-- A loop in the tree ends by the limit, and no group is above itself.
with recursive above(group_id, distance) as (
  select parent_id, 1 from customer_group_parent where group_id = :group
  union all
  select p.parent_id, u.distance + 1 from above u join customer_group_parent p on p.group_id = u.group_id where u.distance < 99
)
select group_id as groupId from above where group_id is not null and group_id <> :group group by group_id order by min(distance);
