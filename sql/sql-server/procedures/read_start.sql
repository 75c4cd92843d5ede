-- What the server allows for starting the program, as far as its caller can see; NULL = it can't. No parameters. Result: one row: database,
-- edition (EngineEdition), platform windows | linux, agent_running, shell_enabled, agent_ready (msdb.dbo.tgn_start is there), shell_ready
-- (master.dbo.tgn_start), way. Takes no lock. Rights beyond EXECUTE only make it see more.
DROP PROCEDURE IF EXISTS tgn_admin.read_start;
GO
CREATE PROCEDURE tgn_admin.read_start
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @agent bit, @switched bit, @shell bit, @agent_ready bit, @shell_ready bit;
  -- The Agent switches its procedures on when it starts and off when it stops: what everybody may see. The service itself takes VIEW SERVER STATE.
  BEGIN TRY
    SELECT @switched = MAX(CASE WHEN name = N'Agent XPs' THEN CAST(value_in_use AS int) END),
      @shell = MAX(CASE WHEN name = N'xp_cmdshell' THEN CAST(value_in_use AS int) END)
    FROM sys.configurations WHERE name IN (N'Agent XPs', N'xp_cmdshell');
  END TRY
  BEGIN CATCH
    SET @switched = NULL;
  END CATCH;
  BEGIN TRY
    IF OBJECT_ID(N'sys.dm_server_services') IS NOT NULL
      SELECT @agent = MAX(CASE WHEN status = 4 THEN 1 ELSE 0 END) FROM sys.dm_server_services WHERE servicename LIKE N'SQL Server Agent%';
  END TRY
  BEGIN CATCH
    SET @agent = NULL;
  END CATCH;
  SET @agent = COALESCE(@agent, @switched);
  -- Metadata of another database is seen only by those who have something to do there: nothing found says nothing then.
  BEGIN TRY
    SET @agent_ready = CASE WHEN OBJECT_ID(N'msdb.dbo.tgn_start', N'P') IS NOT NULL THEN 1 WHEN IS_SRVROLEMEMBER(N'sysadmin') = 1 THEN 0 END;
    SET @shell_ready = CASE WHEN OBJECT_ID(N'master.dbo.tgn_start', N'P') IS NOT NULL THEN 1 WHEN IS_SRVROLEMEMBER(N'sysadmin') = 1 THEN 0 END;
  END TRY
  BEGIN CATCH
    SET @agent_ready = NULL;
  END CATCH;

  SELECT DB_NAME() AS [database], CAST(SERVERPROPERTY('EngineEdition') AS int) AS edition,
    CASE WHEN CHARINDEX(N' on Linux', @@VERSION) > 0 THEN 'linux' ELSE 'windows' END AS platform,
    @agent AS agent_running, @shell AS shell_enabled, @agent_ready AS agent_ready, @shell_ready AS shell_ready,
    (SELECT way FROM tgn.start_way) AS way;
END;
GO
