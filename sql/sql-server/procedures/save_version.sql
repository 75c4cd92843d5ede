-- The script's last step: from now on the ledger is installed, since when stands beside. Parameter: @version, the ledger's. No result; done again it
-- changes nothing. Locks: the row written.
DROP PROCEDURE IF EXISTS tgn_admin.save_version;
GO
CREATE PROCEDURE tgn_admin.save_version
  @version int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  INSERT INTO tgn.ledger_schema (version, installed_utc)
  SELECT @version, now_utc FROM tgn.clock WHERE NOT EXISTS (SELECT 1 FROM tgn.ledger_schema WHERE version = @version);
END;
GO
