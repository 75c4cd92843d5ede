-- Segments spent on invitations, and what waits. Parameters: the bot; @day_from, @month_from, the beginnings of the restaurant's day and month.
-- Result: day, month, waiting, waiting_segments. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_spent;
GO
CREATE PROCEDURE tgn.read_spent
  @bot_id bigint,
  @day_from datetime2(3),
  @month_from datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @day int, @month int, @waiting int, @waiting_segments int;
  EXEC tgn.sum_spent @bot_id, @day_from, @month_from, @day OUTPUT, @month OUTPUT;
  SELECT @waiting = COUNT(*), @waiting_segments = COALESCE(SUM(segments), 0) FROM tgn.invitation WHERE state = 'planned' AND bot_id = @bot_id;
  SELECT @day AS day, @month AS month, @waiting AS waiting, @waiting_segments AS waiting_segments;
END;
GO
