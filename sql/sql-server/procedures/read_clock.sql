-- The server's clocks. No parameters. Result: now, in UTC; wall_now, as Tillypad dates its operations. Takes no lock.
DROP PROCEDURE IF EXISTS tgn.read_clock;
GO
CREATE PROCEDURE tgn.read_clock
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT now_utc AS now, CONVERT(varchar(23), wall_now, 121) AS wall_now FROM tgn.clock;
END;
GO
