-- What the transaction made stands from here on: whole for a ledger that was there, whose runs may go on while the task's procedures are altered one
-- by one. A new one isn't installed until script/version.sql; a script that is cut off in between is simply run again.
INSERT INTO #tgn_step (step, did) SELECT N'ledger', CASE WHEN did = 1 THEN 0 ELSE 1 END FROM #tgn_step WHERE step = N'was';
DELETE FROM #tgn_step WHERE step = N'was';
COMMIT TRANSACTION;
GO
