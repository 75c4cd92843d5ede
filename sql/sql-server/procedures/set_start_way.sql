-- Chooses how tgn_task.start starts the program. Parameter: @way, agent | xp_cmdshell | none. No result. Locks: the setting's row.
DROP PROCEDURE IF EXISTS tgn_admin.set_start_way;
GO
CREATE PROCEDURE tgn_admin.set_start_way
  @way varchar(20)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  BEGIN TRANSACTION;
  UPDATE s SET way = @way, changed_utc = c.now_utc FROM tgn.start_way s CROSS JOIN tgn.clock c;
  IF @@ROWCOUNT = 0 INSERT INTO tgn.start_way (only_row, way, changed_utc) SELECT 1, @way, now_utc FROM tgn.clock;
  COMMIT TRANSACTION;
END;
GO
