-- Names of a task's account types and customer groups. Parameter: ids as a JSON array. Takes no lock.

--! account_types
select account_type_id as id, name, deleted from account_type where account_type_id in (select value from json_each(:items)) order by name, id;

--! customer_groups
select ancestor_id as id, name, deleted from customer_group
where group_id = ancestor_id and ancestor_id in (select value from json_each(:items)) order by name, id;
