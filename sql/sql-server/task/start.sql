-- Starts the program in the way that the administrator chose (tgn_admin.set_start_way), and returns at once whatever comes of it: the word that
-- was left before is found by the next scheduled run at the latest. What a run came to stands in tgn.run. Parameter: @task_id, for what may
-- come. No result. Takes no lock.
-- agent: msdb.dbo.tgn_start, which starts the one job unless it runs. xp_cmdshell: master.dbo.tgn_start, which asks the scheduler of Windows; never
-- the program itself, which would run inside the till's transaction. Both are made by sql/sql-server/starting. Anything else: nothing.
-- Called by Tillypad inside a till's own transaction: raises nothing, commits and rolls back nothing, and is changed by ALTER alone, so that no
-- call ever finds it missing.
IF OBJECT_ID(N'tgn_task.start', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.start AS RETURN');
GO
ALTER PROCEDURE tgn_task.start
  @task_id nvarchar(100) = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    -- Whatever level the task's transaction has: a lock kept to its end would stop other tills, and passing over locks works at few.
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    DECLARE @way varchar(20);
    SELECT @way = way FROM tgn.start_way WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK);
    -- Who may not execute it doesn't see it either.
    IF @way = 'agent' AND OBJECT_ID(N'msdb.dbo.tgn_start', N'P') IS NOT NULL EXEC msdb.dbo.tgn_start;
    IF @way = 'xp_cmdshell' AND OBJECT_ID(N'master.dbo.tgn_start', N'P') IS NOT NULL EXEC master.dbo.tgn_start;
  END TRY
  BEGIN CATCH
    RETURN;
  END CATCH;
END;
GO
