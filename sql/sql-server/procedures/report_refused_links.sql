-- Links that were refused, newest first. Parameters: @days (30), @rows, how many at most (1,000), @bot_id (null: all bots). Result: bot_id, at by the
-- server's wall clock, reason, chat_id, customer_id and customer, whom the link named, proven or not.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.refused_links;
GO
CREATE PROCEDURE tgn_report.refused_links
  @days int = 30,
  @rows int = 1000,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int;
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now) FROM tgn.clock;

  -- Into a table first: whoever reads slowly must not keep a row of Tillypad's locked.
  SELECT TOP (@rows) l.refused_no, l.bot_id, DATEADD(minute, @offset, l.at_utc) AS at, l.reason, l.chat_id, l.customer_id, c.name AS customer
  INTO #shown
  FROM tgn.refused_link l CROSS JOIN tgn.clock k LEFT JOIN tgn.customer c ON c.customer_id = l.customer_id
  WHERE l.at_utc >= DATEADD(day, -@days, k.now_utc) AND (@bot_id IS NULL OR l.bot_id = @bot_id)
  ORDER BY l.refused_no DESC;
  SELECT bot_id, at, reason, chat_id, customer_id, customer FROM #shown ORDER BY refused_no DESC;
END;
GO
