-- Invitations as a person reads them, newest first. Parameters: bot, states (JSON; null = all), a reason, customers, how many. Reads only.

--! list
select
  v.invitation_no as row, v.task_id as taskId, v.customer_id as customerId, coalesce(c.name, '') as customerName, v.operation_id as operationId,
  v.state, v.reason, v.number, v.segments, v.cost, v.gateway, v.gateway_id as gatewayId, v.detail, v.planned_utc as plannedAt,
  v.sent_utc as sentAt, v.not_before_utc as notBefore, v.status, v.status_code as statusCode, v.run_id as runId
from invitation v left join customer c on c.customer_id = v.customer_id
where v.bot_id = :bot and (:states is null or v.state in (select value from json_each(:states))) and (:reason is null or v.reason = :reason)
  and (:customers is null or v.customer_id in (select value from json_each(:customers)))
order by v.invitation_no desc limit :limit;
