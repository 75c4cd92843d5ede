-- Plans one chunk. Parameters: candidate's, the task, the digest's gap, notices that may still be planned, the time, the task's move.
-- The chunk is gathered in a table of this connection before the transaction begins, so that a look over a year doesn't keep tills from
-- writing; the transaction then drops what has become known meanwhile, adds the rows and moves the task. Locks: the database's write lock,
-- for the adding of at most one chunk.

--! make
create temp table if not exists chunk (
  seq integer primary key, operation_id text not null, customer_id text not null, date text not null, verdict text not null,
  delivery_no integer, notice integer
);

--! clear
delete from chunk;

--! gather
insert into chunk (operation_id, customer_id, date, verdict, delivery_no)
select operation_id, customer_id, date, verdict, delivery_no from (
--@ candidate
)
order by date, operation_id
limit :limit;

--! row
select date, operation_id as id from chunk where seq = :seq;

--! last
select date, operation_id as id from chunk order by seq desc limit 1;

--! cut
delete from chunk where seq >= :seq;

--! drop_known
delete from chunk where case
  when delivery_no is null then exists (select 1 from delivery d where d.bot_id = :bot and d.operation_id = chunk.operation_id)
  else not exists (select 1 from delivery d where d.delivery_no = chunk.delivery_no and d.state = 'skipped')
end;

--! count_notices
-- Numbers the notices. The first row of a customer may go on a notice whose beginning the chunk before has planned.
update chunk set notice = numbered.notice from (
  select seq, sum(case when :gapMs = 0 or before is null then 1 else coalesce(round((julianday(date) - julianday(before)) * 86400000) > :gapMs, 1) end)
    over (order by seq) as notice
  from (
    select c.seq, c.date, coalesce(
      lag(c.date) over (partition by c.customer_id order by c.seq),
      (select d.operation_date from delivery d
       where d.bot_id = :bot and d.customer_id = c.customer_id and d.state = 'planned' and d.task_id = :task and d.operation_date <= :afterDate
       order by d.operation_date desc limit 1)) as before
    from chunk c where c.verdict = 'planned'
  )
) numbered
where numbered.seq = chunk.seq;

--! first_beyond
select min(seq) as seq from chunk where verdict = 'planned' and notice > :notices;

--! head
select verdict, count(*) as rows, max(notice) as notices, min(date) as oldest, count(distinct customer_id) as customers
from chunk group by verdict;

--! add
insert into delivery (bot_id, operation_id, task_id, customer_id, operation_date, state, reason, planned_utc, changed_utc, asks)
select
  :bot, operation_id, :task, customer_id, date, iif(verdict = 'planned', 'planned', 'skipped'), nullif(verdict, 'planned'), :now, :now,
  :inviting and verdict = 'not_subscribed'
from chunk where delivery_no is null order by seq;

--! revive
update delivery set
  state = iif(c.verdict = 'planned', 'planned', 'skipped'), reason = nullif(c.verdict, 'planned'), task_id = :task,
  customer_id = c.customer_id, operation_date = c.date, not_before_utc = null, planned_utc = :now, changed_utc = :now,
  asks = :inviting and c.verdict = 'not_subscribed'
from chunk c
where c.delivery_no = delivery.delivery_no and delivery.state = 'skipped' and delivery.attempt_no is null;

--! move
-- The whole look is planned. The stamps of the looks only go forward: a look that says nothing of them leaves them.
update task set
  watermark = :watermark, first_look_done = max(first_look_done, :firstLookDone),
  overlap_look_at = coalesce(:overlapLookAt, overlap_look_at), deep_look_at = coalesce(:deepLookAt, deep_look_at), brake_held_at = :brakeHeldAt
where bot_id = :bot and task_id = :task;

--! move_limited
-- The limit stopped the look: the next search begins at the last row planned, but never before where it began already (what is left behind
-- there is found by the same look again, as its stamp stays), nor behind the server's clock because of a row dated in the future.
update task set watermark = min(:watermark, max(coalesce(watermark, ''), :lastDate)) where bot_id = :bot and task_id = :task;
