-- Lets go of the run's locks without ending the run: the next run sees it as dead. Parameter: @bot_id. No result.
-- Locks: releases tgn:…:bot:… and tgn:…:schema where this session holds them.
DROP PROCEDURE IF EXISTS tgn.release_run;
GO
CREATE PROCEDURE tgn.release_run
  @bot_id bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @lock nvarchar(255);
  SET @lock = N'tgn:' + DB_NAME() + N':bot:' + CAST(@bot_id AS nvarchar(20));
  IF APPLOCK_MODE('public', @lock, 'Session') = 'Exclusive' EXEC sp_releaseapplock @Resource = @lock, @LockOwner = 'Session';
  SET @lock = N'tgn:' + DB_NAME() + N':schema';
  IF APPLOCK_MODE('public', @lock, 'Session') = 'Shared' EXEC sp_releaseapplock @Resource = @lock, @LockOwner = 'Session';
END;
GO
