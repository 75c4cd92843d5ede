-- Which of a task's filters let an operation through. Parameters: the operation, the task's sign and threshold; chosen_type and chosen_group must be
-- filled (choose.sql), once for the choice alone and once with since when each is chosen. Takes no lock. Each answer is candidate.sql's own
-- condition; a test holds the two against each other.

--! judge
select
  coalesce(c.live, 0) as live, o.date,
  (:sign = 'any' or (:sign = 'credit' and o.sum > 0) or (:sign = 'debit' and o.sum < 0)) as sign,
  (o.sum >= :threshold or o.sum <= -:threshold) as threshold
from operation o left join customer c on c.customer_id = o.customer_id
where o.operation_id = :operation;

--! chosen
select
  exists (select 1 from chosen_type k where k.item_id in ('*', o.account_type_id) and k.since <= o.date) as accountType,
  exists (select 1 from chosen_group k where k.item_id in ('*', c.group_id) and k.since <= o.date) as customerGroup
from operation o left join customer c on c.customer_id = o.customer_id
where o.operation_id = :operation;

--! is_admitted
-- Before the first run of a task nothing is recorded, and nothing is left out for that.
select exists (select 1 from admitted where bot_id = :bot and task_id = :task) as recorded;
