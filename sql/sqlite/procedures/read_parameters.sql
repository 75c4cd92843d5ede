-- Parameters of Tillypad's tasks, the newest version of each; none without a ledger.
-- Parameters: none. Locks: reads only.

--! has_ledger
select 1 as one from sqlite_schema where type = 'table' and name = 'task_parameters'

--! newest
select p.task_id as taskId, p.parameters
from task_parameters p
where p.version = (select max(version) from task_parameters where task_id = p.task_id)
order by p.task_id
