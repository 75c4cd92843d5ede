-- Takes the program's procedures, views, types and roles away again. Tillypad's own tables stay as they were; so do the guests' notes and their note
-- type, which are the restaurant's. The ledger and the subscriptions stay too, unless @drop_ledger is set to 1 below.
SET NOEXEC OFF;
GO
IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
SET IMPLICIT_TRANSACTIONS OFF;
SET ROWCOUNT 0;
SET NOCOUNT ON;
SET XACT_ABORT ON;
DECLARE @drop_ledger bit, @say nvarchar(2000), @lock nvarchar(255), @got int, @next nvarchar(400), @view nvarchar(128), @text nvarchar(max), @hash varbinary(32);
SET @drop_ledger = 0;
IF HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'CONTROL') = 0
BEGIN
  SET @say = N'Скрипт выполняет член роли db_owner / The script is run by a member of db_owner: ' + SUSER_SNAME();
  THROW 50229, @say, 1;
END;
BEGIN TRANSACTION;
SET @lock = N'tgn:' + DB_NAME() + N':schema';
EXEC @got = sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 60000;
IF @got < 0
BEGIN
  SET @say = N'Идёт запуск tp-tg-notify, за минуту он не закончился; повторите позже / A run of tp-tg-notify did not end within a minute, try later: ' + @lock;
  THROW 50221, @say, 1;
END;
-- A denial to public binds a member of db_owner too, unless they are dbo: they would see nothing to take away.
IF SCHEMA_ID(N'tgn') IS NOT NULL AND @@VERSION LIKE N'Microsoft SQL%'
  EXEC (N'REVOKE SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::tgn FROM public');

-- Procedures first, since they hold the types. tgn.clock and tgn.here go last with the views.
WHILE 1 = 1
BEGIN
  SET @next = NULL;
  SELECT TOP (1) @next = N'DROP PROCEDURE [' + ROUTINE_SCHEMA + N'].[' + ROUTINE_NAME + N']' FROM INFORMATION_SCHEMA.ROUTINES
  WHERE ROUTINE_SCHEMA IN (N'tgn', N'tgn_task', N'tgn_admin', N'tgn_report') ORDER BY ROUTINE_SCHEMA, ROUTINE_NAME;
  IF @next IS NULL BREAK;
  EXEC (@next);
END;
WHILE 1 = 1
BEGIN
  SELECT @view = NULL, @hash = NULL;
  SELECT TOP (1) @view = TABLE_NAME FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = N'tgn' ORDER BY TABLE_NAME;
  IF @view IS NULL BREAK;
  -- Its text is nowhere else, and the next install makes the view anew in its own form.
  IF OBJECT_ID(N'tgn.site', N'U') IS NOT NULL SELECT @hash = hash FROM tgn.site WHERE name = CAST('view ' + @view AS varchar(60));
  SET @text = OBJECT_DEFINITION(OBJECT_ID(N'tgn.' + @view, N'V'));
  IF @hash <> HASHBYTES('SHA2_256', CAST(@text AS nvarchar(4000)))
  BEGIN
    SET @say = N'Убрано представление, которое вы изменили; сохраните его текст, если он ещё нужен / A view that you had altered is taken away; keep its text if you still need it: tgn.' + @view;
    PRINT @say;
    -- PRINT says no more at once.
    WHILE @text <> N''
    BEGIN
      SET @say = LEFT(@text, 2000);
      PRINT @say;
      SET @text = SUBSTRING(@text, 2001, 1000000);
    END;
  END;
  SET @next = N'DROP VIEW [tgn].[' + @view + N']';
  EXEC (@next);
END;
WHILE 1 = 1
BEGIN
  SET @next = NULL;
  SELECT TOP (1) @next = N'DROP TYPE [tgn].[' + name + N']' FROM sys.table_types WHERE schema_id = SCHEMA_ID(N'tgn') ORDER BY name;
  IF @next IS NULL BREAK;
  EXEC (@next);
END;
WHILE @drop_ledger = 1
BEGIN
  SET @next = NULL;
  SELECT TOP (1) @next = N'DROP TABLE [tgn].[' + TABLE_NAME + N']' FROM INFORMATION_SCHEMA.TABLES
  WHERE TABLE_SCHEMA = N'tgn' AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME;
  IF @next IS NULL BREAK;
  EXEC (@next);
END;
COMMIT TRANSACTION;
GO
-- What stopped has taken nothing away: then neither roles nor schemas go.
IF @@ERROR <> 0 SET NOEXEC ON;
GO
-- A role that still has members stays, and is named.
DECLARE @role nvarchar(128), @no int, @sql nvarchar(400);
SET @no = 0;
WHILE @no < 4
BEGIN
  SET @no = @no + 1;
  SET @role = CASE @no WHEN 1 THEN N'tgn_runner' WHEN 2 THEN N'tgn_tasks' WHEN 3 THEN N'tgn_administrator' ELSE N'tgn_reader' END;
  IF DATABASE_PRINCIPAL_ID(@role) IS NOT NULL
  BEGIN
    IF EXISTS (SELECT 1 FROM sys.database_role_members WHERE role_principal_id = DATABASE_PRINCIPAL_ID(@role))
      PRINT N'Роль оставлена, в ней есть члены / The role stays, it has members: ' + @role;
    ELSE
    BEGIN
      BEGIN TRY
        SET @sql = CASE @no WHEN 1 THEN N'REVOKE EXECUTE ON SCHEMA::tgn FROM ' WHEN 2 THEN N'REVOKE EXECUTE ON SCHEMA::tgn_task FROM '
          WHEN 3 THEN N'REVOKE EXECUTE ON SCHEMA::tgn_admin FROM ' ELSE N'REVOKE EXECUTE ON SCHEMA::tgn_report FROM ' END + @role;
        EXEC (@sql);
        IF @no = 3
        BEGIN
          SET @sql = N'REVOKE EXECUTE ON SCHEMA::tgn FROM ' + @role;
          EXEC (@sql);
          SET @sql = N'REVOKE EXECUTE ON SCHEMA::tgn_report FROM ' + @role;
          EXEC (@sql);
        END;
        SET @sql = N'DROP ROLE ' + @role;
        EXEC (@sql);
      END TRY
      BEGIN CATCH
        PRINT N'Роль оставлена / The role stays: ' + @role + N', ' + ERROR_MESSAGE();
      END CATCH;
    END;
  END;
END;
GO
IF SCHEMA_ID(N'tgn_task') IS NOT NULL EXEC (N'DROP SCHEMA tgn_task');
IF SCHEMA_ID(N'tgn_admin') IS NOT NULL EXEC (N'DROP SCHEMA tgn_admin');
IF SCHEMA_ID(N'tgn_report') IS NOT NULL EXEC (N'DROP SCHEMA tgn_report');
IF SCHEMA_ID(N'tgn') IS NOT NULL AND NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = N'tgn') EXEC (N'DROP SCHEMA tgn');
-- The ledger that stays is still nobody's to read.
IF SCHEMA_ID(N'tgn') IS NOT NULL AND @@VERSION LIKE N'Microsoft SQL%'
  EXEC (N'DENY SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::tgn TO public');
GO
SET NOEXEC OFF;
GO
