-- The one select of measure, preview and plan: which operations a look considers, and its verdict on each. Parameters, see
-- src/sqlite/candidates.ts; chosen_type and chosen_group must be filled (choose.sql). Takes no lock.
--
-- No row, and so no trace in the ledger: outside the window, known already, outside the task's filters, or older than its choice.
-- The verdicts, first match first. Age comes before the subscription, so that `explain` tells of an old operation what would hold for any
-- guest, and so that only fresh operations make somebody an unsubscribed customer whom an invitation may follow.
-- A row without an id, a date or a customer can't be told and can't be kept either: it is seen when somebody has mended it. SQLite has no
-- absolute value of the least number, so the threshold is compared on both sides.
-- A row is looked for in the ledger before anything else of it is read (cross join keeps the order): an idle look is rows it knows.

--! candidate
select * from (
  select
    o.operation_id, o.customer_id, o.account_type_id, o.date, o.sum, o.document, o.description, o.authorization_id, o.return_of,
    c.name, c.group_id, c.group_name, s.chat_id, d.delivery_no,
    case
      when :markOnly then 'marked'
      when o.date < :oldBefore then 'too_old'
      when o.date < :lateBefore then 'late'
      when s.state = 'active' then 'planned'
      when s.state = 'suspended' then 'suspended'
      when s.state is not null then 'opted_out'
      when :leaveUnsubscribed then null
      else 'not_subscribed'
    end as verdict
  from operation o
  left join delivery d on d.bot_id = :bot and d.operation_id = o.operation_id
  cross join customer c on c.customer_id = o.customer_id
  left join subscription s on s.bot_id = :bot and s.customer_id = o.customer_id
  where typeof(o.operation_id) = 'text' and typeof(o.date) = 'text' and typeof(o.customer_id) = 'text'
    and o.date >= :low and o.date < :high and (o.date > :afterDate or o.operation_id > :afterId)
    and (d.delivery_no is null
      or (:revive and d.state = 'skipped' and d.attempt_no is null and d.reason in ('not_subscribed', 'suspended', 'too_old', 'late')))
    and (:sign = 'any' or (:sign = 'credit' and o.sum > 0) or (:sign = 'debit' and o.sum < 0))
    and (o.sum >= :threshold or o.sum <= -:threshold)
    and exists (select 1 from chosen_type k where k.item_id in ('*', o.account_type_id) and k.since <= o.date)
    and (:customers is null or o.customer_id in (select value from json_each(:customers)))
    and (:operations is null or o.operation_id in (select value from json_each(:operations)))
    and c.live
    and exists (select 1 from chosen_group k where k.item_id in ('*', c.group_id) and k.since <= o.date)
)
where verdict is not null
