-- What the transaction made stands from here on, and isn't whole yet: the task's procedures come after it, one by one. Until script/version.sql the
-- version counts as not installed, under a number below zero that keeps its date; a script that is cut off in between is simply run again.
UPDATE tgn.ledger_schema SET version = -1 WHERE version = 1;
INSERT INTO #tgn_step (step, did) SELECT N'ledger', CASE WHEN did = 1 THEN 0 ELSE 1 END FROM #tgn_step WHERE step = N'was';
DELETE FROM #tgn_step WHERE step = N'was';
COMMIT TRANSACTION;
GO
-- Runs that begin meanwhile are told of an upgrade. Whoever was faster finds no version and leaves again; without the lock nothing else is amiss.
DECLARE @lock nvarchar(255);
SET @lock = N'tgn:' + DB_NAME() + N':schema';
EXEC sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 10000;
GO
