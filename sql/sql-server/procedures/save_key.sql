-- Remembers the fingerprint of the current link key. Parameter: @key_fingerprint. No result. Locks: the place's row.
DROP PROCEDURE IF EXISTS tgn_admin.save_key;
GO
CREATE PROCEDURE tgn_admin.save_key
  @key_fingerprint varchar(100)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE tgn.place SET key_fingerprint = @key_fingerprint;
END;
GO
