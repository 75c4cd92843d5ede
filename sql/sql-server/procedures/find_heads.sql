-- The customers of a claim's round by the oldest row that is planned for each, and when and where they can be reached. Called by claim, whose
-- tables it reads and fills: #round (no, customer_id, judged), #head. A customer without planned rows gets no head. `reason`: nothing of
-- theirs can be told any more. `due_utc`: when the head could be sent at the earliest, as far as the head alone tells; a chat is written to at
-- most once a second (Telegram's own rule), and a moment in the future is a clock that was set back and holds nobody up.
-- Parameters: the bot, the run, the time, operations that narrow the claim. Locks: none of its own.
DROP PROCEDURE IF EXISTS tgn.find_heads;
GO
CREATE PROCEDURE tgn.find_heads
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @operations tgn.id_list_1 READONLY,
  @any_operation bit
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @soon datetime2(3), @second_ago datetime2(3);
  SET @soon = DATEADD(ms, 1000, @now);
  SET @second_ago = DATEADD(ms, -1000, @now);

  DELETE FROM #head;
  INSERT INTO #head (no, customer_id, oldest, repeat, attempt_no, chat_id, language, reason, due_utc)
  SELECT r.no, r.customer_id, m.oldest, f.repeat, f.attempt_no, s.chat_id, h.language,
    CASE WHEN s.state IS NULL THEN 'not_subscribed' WHEN s.state = 'active' THEN NULL WHEN s.state = 'suspended' THEN 'suspended' ELSE 'opted_out' END,
    CASE
      WHEN b.chat_id IS NOT NULL THEN @soon
      WHEN h.written_utc > @second_ago AND h.written_utc <= @now
        THEN CASE WHEN f.not_before_utc > DATEADD(ms, 1000, h.written_utc) THEN f.not_before_utc ELSE DATEADD(ms, 1000, h.written_utc) END
      WHEN f.not_before_utc > @now THEN f.not_before_utc
      ELSE @now
    END
  FROM #round r
  CROSS APPLY (
    SELECT MIN(d.operation_date) AS oldest FROM tgn.delivery d
    WHERE d.state = 'planned' AND d.bot_id = @bot_id AND d.customer_id = r.customer_id
      AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id))
  ) m
  CROSS APPLY (
    SELECT TOP (1) d.repeat, d.attempt_no, d.not_before_utc FROM tgn.delivery d
    WHERE d.state = 'planned' AND d.bot_id = @bot_id AND d.customer_id = r.customer_id AND d.operation_date = m.oldest
      AND (@any_operation = 1 OR EXISTS (SELECT 1 FROM @operations w WHERE w.id = d.operation_id))
    ORDER BY CONVERT(char(36), d.operation_id)
  ) f
  LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = r.customer_id
  LEFT JOIN tgn.chat h ON h.bot_id = @bot_id AND h.chat_id = s.chat_id
  -- Few at any time: the calls on the wire.
  LEFT JOIN (SELECT DISTINCT a.chat_id FROM tgn.attempt a WHERE a.bot_id = @bot_id AND a.run_no = @run_no AND a.finished_utc IS NULL) b
    ON b.chat_id = s.chat_id
  WHERE r.judged = 0
  OPTION (MAXDOP 1);
END;
GO
