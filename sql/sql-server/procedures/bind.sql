-- Makes the ledger belong to the place where it is. No parameters. Result: place. Locks: the place's row.
DROP PROCEDURE IF EXISTS tgn_admin.bind;
GO
CREATE PROCEDURE tgn_admin.bind
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- The fork is taken anew by the next run.
  UPDATE p SET bound_to = w.place, fork = NULL FROM tgn.place p CROSS JOIN tgn.here w;
  SELECT bound_to AS place FROM tgn.place;
END;
GO
