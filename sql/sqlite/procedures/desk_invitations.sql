-- Invitations as a person reads them, newest first, and what a person writes down of those in doubt. Parameters: bot, states (JSON; null = all), a
-- reason, customers, how many; rows (JSON; null = all), a verdict and its reason, the time. Locks: to read none; to write the database's write lock.

--! list
select
  v.invitation_no as row, v.task_id as taskId, v.customer_id as customerId, coalesce(c.name, '') as customerName, v.operation_id as operationId,
  v.state, v.reason, v.number, v.segments, v.cost, v.gateway, v.gateway_id as gatewayId, v.detail, v.planned_utc as plannedAt,
  v.sent_utc as sentAt, v.not_before_utc as notBefore, v.status, v.status_code as statusCode, v.run_id as runId, v.resolved
from invitation v left join customer c on c.customer_id = v.customer_id
where v.bot_id = :bot and (:states is null or v.state in (select value from json_each(:states))) and (:reason is null or v.reason = :reason)
  and (:customers is null or v.customer_id in (select value from json_each(:customers)))
order by v.invitation_no desc limit :limit;

--! resolve
update invitation set
  state = :state, reason = 'by_hand', changed_utc = :now, resolved = iif(resolved is null, '', resolved || ' | ') || :resolved
where state = 'in_doubt' and bot_id = :bot and (:rows is null or invitation_no in (select value from json_each(:rows)));
