-- Does the ledger fit the program? No parameters. Result: found, the ledger's version; null when install hasn't come to its end.
-- Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.check_schema;
GO
CREATE PROCEDURE tgn.check_schema
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT MAX(version) AS found FROM tgn.ledger_schema;
END;
GO
