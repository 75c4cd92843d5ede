-- Forgets details of what ended long ago, one chunk a statement and a transaction, so that a till never waits for it. Parameters: the bot, the
-- horizon as wall-clock text and as an instant, the chunk. The guards stand in the statements: nothing open loses anything, the newest run stays
-- (a host remembers it), and a delivery keeps its key as long as its operation exists. Locks: the database's write lock, for a chunk.

--! horizon
update bot set pruned_to = max(coalesce(pruned_to, ''), :before) where bot_id = :bot returning pruned_to as horizon;

--! attempts
delete from attempt where attempt_no in (
  select attempt_no from attempt
  where attempt_no > :after and finished_utc < :beforeUtc and bot_id = :bot
    and attempt_no not in (select attempt_no from delivery where bot_id = :bot and state = 'planned' and attempt_no is not null)
    and attempt_no not in (select attempt_no from delivery where bot_id = :bot and state = 'in_doubt' and attempt_no is not null)
    and attempt_no not in (select attempt_no from delivery where bot_id = :bot and state = 'sending' and attempt_no is not null)
  order by attempt_no limit :chunk
);

--! earlier
delete from earlier_attempt where attempt_no not in (select attempt_no from attempt);

--! last_delivery
select max(delivery_no) as last from delivery;

--! deliveries
delete from delivery
where delivery_no > :after and delivery_no <= :after + :chunk and bot_id = :bot and state in ('delivered', 'refused', 'skipped')
  and operation_date < :before and changed_utc < :beforeUtc
  and not exists (select 1 from operation o where o.operation_id = delivery.operation_id);

--! invitations
update invitation set text = null, number = null, detail = null
where bot_id = :bot and state in ('accepted', 'refused', 'in_doubt', 'skipped') and changed_utc < :beforeUtc
  and (text is not null or number is not null or detail is not null);

--! runs
delete from run where bot_id = :bot and finished_utc < :beforeUtc and run_no <> (select max(r.run_no) from run r);

--! words
delete from wake where bot_id = :bot and served_utc < :beforeUtc;

--! links
delete from refused_link where bot_id = :bot and at_utc < :beforeUtc;
