-- Is this the place that the ledger was installed in, or a copy? No parameters. Result: bound_to, here; no row when nobody has installed it.
-- Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_place;
GO
CREATE PROCEDURE tgn.read_place
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT p.bound_to, h.place AS here FROM tgn.place p CROSS JOIN tgn.here h;
END;
GO
