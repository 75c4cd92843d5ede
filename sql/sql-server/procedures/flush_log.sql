-- Makes what was committed survive a power cut also where the database is told to delay it (DELAYED_DURABILITY = FORCED, as install found).
-- No parameters, no result. Takes no lock.
DROP PROCEDURE IF EXISTS tgn.flush_log;
GO
CREATE PROCEDURE tgn.flush_log
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  IF EXISTS (SELECT 1 FROM tgn.site WHERE name = 'delayed_durability' AND value = N'FORCED') EXEC sys.sp_flush_log;
END;
GO
