-- Judges what dead runs left. Parameters: bot, the run's id, the time. Under the bot's lock every `sending` row of another run is an orphan: its
-- process is dead, and whether its call was made can't be known. Locks: the database's write lock.

--! end_attempts
update attempt set finished_utc = :now, outcome = 'in_doubt', code = 'orphan'
where finished_utc is null and bot_id = :bot and run_id <> :run;

--! orphan
update delivery set state = 'in_doubt', reason = 'orphan', tries = tries + 1, changed_utc = :now
where state = 'sending' and bot_id = :bot and run_id <> :run;

--! orphan_invitations
-- It counts as sent, and no policy ever repeats an SMS.
update invitation set state = 'in_doubt', reason = 'orphan', changed_utc = :now
where state = 'sending' and bot_id = :bot and run_id <> :run;

--! repeat
-- Told once more at most: a second doubt stays for a person. The attempt's number stays, so that a digest is told again as it was.
update delivery set state = 'planned', reason = null, repeat = 1, run_id = null, not_before_utc = null, changed_utc = :now
where state = 'in_doubt' and bot_id = :bot and changed_utc <= :until and repeat = 0 and resolved is null;

--! give_up
update delivery set state = 'refused', reason = 'given_up', changed_utc = :now
where state = 'in_doubt' and bot_id = :bot and resolved is null;
