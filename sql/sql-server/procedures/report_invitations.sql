-- What became of the SMS invitations, and what they cost. Parameters: @days back from now (30), @bot_id (null: all bots). Result: a row a day, state and
-- reason: bot_id, day by the server's wall clock, on which it was sent or, where it wasn't, weighed; state (planned, sending, accepted, refused,
-- in_doubt, skipped), reason, n, segments, roubles (of those whose price is known, null where none is), delivered and undelivered, as the operator
-- said later.
-- Locks: none that outlast a row's reading. The table of invitations is read once.
DROP PROCEDURE IF EXISTS tgn_report.invitations;
GO
CREATE PROCEDURE tgn_report.invitations
  @days int = 30,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @offset int, @from datetime2(3);
  SELECT @offset = DATEDIFF(minute, CAST(now_utc AS datetime), wall_now), @from = DATEADD(day, -@days, now_utc) FROM tgn.clock;

  SELECT v.bot_id, v.day, v.state, v.reason, COUNT(*) AS n, COALESCE(SUM(v.segments), 0) AS segments, SUM(v.roubles) AS roubles,
    COUNT(CASE WHEN v.status = 'delivered' THEN 1 END) AS delivered, COUNT(CASE WHEN v.status = 'undelivered' THEN 1 END) AS undelivered
  FROM (
    SELECT bot_id, CAST(DATEADD(minute, @offset, COALESCE(sent_utc, planned_utc)) AS date) AS day, state, reason, segments, status,
      -- The operator's own text: only what is surely a number is added up.
      CASE WHEN cost LIKE '[0-9]%' AND cost NOT LIKE '%[^0-9.]%' AND cost NOT LIKE '%.%.%' AND LEN(cost) <= 14 THEN CAST(cost AS decimal(18, 4)) END AS roubles
    FROM tgn.invitation
    WHERE COALESCE(sent_utc, planned_utc) >= @from AND (@bot_id IS NULL OR bot_id = @bot_id)
  ) v
  GROUP BY v.bot_id, v.day, v.state, v.reason
  ORDER BY v.bot_id, v.day DESC, v.state, v.reason
  OPTION (MAXDOP 1);
END;
GO
