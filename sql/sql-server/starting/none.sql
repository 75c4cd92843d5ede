-- tp-tg-notify: Tillypad's task starts nothing; the word that it leaves waits for the schedule.
SET NOCOUNT ON;
DECLARE @database nvarchar(128), @call nvarchar(300);
SET @database = {{database}};
SET @call = QUOTENAME(@database) + N'.tgn_admin.set_start_way';
IF OBJECT_ID(@call, N'P') IS NULL
  RAISERROR (N'The ledger is not installed in that database: run tp-tg-notify install first. Nothing was changed.', 16, 1);
ELSE
  EXEC @call 'none';
GO
