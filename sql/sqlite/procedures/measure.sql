-- Counts what a look would do, without planning anything. Parameters: candidate's, the digest's gap in milliseconds, the brake's cut.
-- A notice is a run of one customer's planned operations, each at most the gap after the one before. One that begins before the cut counts as
-- old: with its fresh operations planned alone, what remains of it is a message about old ones. Takes no lock.

--! measure
select
  verdict, count(*) as rows, sum(starts) as notices, min(date) as oldest, count(distinct customer_id) as customers,
  sum(starts and date < :brakeBefore) as oldNotices
from (
  select
    verdict, customer_id, date,
    case
      when verdict <> 'planned' then 0
      when :gapMs = 0 or before is null then 1
      else coalesce(round((julianday(date) - julianday(before)) * 86400000) > :gapMs, 1)
    end as starts
  from (
    select
      verdict, customer_id, date,
      lag(date) over (partition by customer_id, verdict = 'planned' order by date, operation_id) as before
    from (
--@ candidate
    )
  )
)
group by verdict;
