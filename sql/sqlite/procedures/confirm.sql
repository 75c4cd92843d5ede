-- The guard of every write, and the heartbeat. Parameters: the run's number and id, the time. Locks: the database's one write lock, as the
-- guard stands inside the transaction that it guards.

--! own_run
select 1 as owned from run where run_no = :runNo and run_id = :runId and finished_utc is null;

--! beat
update run set heartbeat_utc = :now where run_no = :runNo;
