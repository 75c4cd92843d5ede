-- Starts the program in the way that the administrator chose (start_way in tgn.site), and returns at once whatever comes of it: the word that was
-- left before is found by the next scheduled run at the latest. What a run came to stands in tgn.run. Parameter: @task_id. No result. Takes no lock.
-- agent: a procedure in msdb that starts the one job, unless it runs. schtasks: a scheduled task of Windows, which returns at once; never the program
-- itself, which would run inside the till's transaction. Anything else: nothing.
-- Called by Tillypad's task, perhaps inside a till's own transaction and under any SET options: raises nothing, ends no transaction that it didn't
-- begin, only inserts. Changed by ALTER alone, and only by optional parameters, so that no call ever finds it missing.
IF OBJECT_ID(N'tgn_task.start', N'P') IS NULL EXEC (N'CREATE PROCEDURE tgn_task.start AS RETURN');
GO
ALTER PROCEDURE tgn_task.start
  @task_id uniqueidentifier
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT OFF;
  SET LOCK_TIMEOUT 1000;

  BEGIN TRY
    DECLARE @way nvarchar(400), @name nvarchar(400), @command varchar(500);
    SELECT @way = value FROM tgn.site WITH (READCOMMITTEDLOCK, READPAST) WHERE name = 'start_way';
    SELECT @name = value FROM tgn.site WITH (READCOMMITTEDLOCK, READPAST) WHERE name = 'start_name';
    IF @way = N'agent' EXEC msdb.dbo.tgn_start;
    IF @way = N'schtasks' AND LEN(@name) BETWEEN 1 AND 100 AND @name NOT LIKE N'%[^-_a-zA-Z0-9]%'
    BEGIN
      SET @command = 'schtasks /run /tn ' + CAST(@name AS varchar(100));
      EXEC master.dbo.xp_cmdshell @command, no_output;
    END;
  END TRY
  BEGIN CATCH
    RETURN;
  END CATCH;
END;
GO
