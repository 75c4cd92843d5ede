-- Marks the rows of the notices that are ready as `sending`, each notice under an attempt of its own. Called by claim, whose tables it reads
-- (#head, #row: ready_utc and good say which), and fills #notice and #member. Parameters: the bot, the run, the time, the claim's id. @marked: how many notices.
-- Locks: the rows that change, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.mark_sending;
GO
CREATE PROCEDURE tgn.mark_sending
  @bot_id bigint,
  @run_no int,
  @now datetime2(3),
  @claim_id varchar(40),
  @marked int OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @rows int;
  INSERT INTO tgn.attempt (bot_id, run_no, claim_id, chat_id, started_utc, repeat)
  SELECT @bot_id, @run_no, @claim_id, r.chat_id, @now, x.repeat
  FROM #head r JOIN #row x ON x.customer_id = r.customer_id AND x.good = 1
  WHERE r.ready_utc IS NOT NULL
  ORDER BY r.no;
  SET @marked = @@ROWCOUNT;
  -- A claim writes to a chat once.
  INSERT INTO #notice (attempt_no, customer_id, chat_id, language)
  SELECT a.attempt_no, r.customer_id, r.chat_id, r.language
  FROM #head r JOIN tgn.attempt a ON a.claim_id = @claim_id AND a.chat_id = r.chat_id AND a.run_no = @run_no
  WHERE r.ready_utc IS NOT NULL;
  INSERT INTO #member (delivery_no, attempt_no, operation_id, place, task_no, repeat, tries)
  SELECT x.delivery_no, n.attempt_no, x.operation_id, x.place, x.task_no, x.repeat, x.tries
  FROM #head r
  JOIN #notice n ON n.customer_id = r.customer_id
  JOIN #row x ON x.customer_id = r.customer_id AND x.good >= 1
  WHERE r.ready_utc IS NOT NULL;
  SET @rows = @@ROWCOUNT;
  -- Tried before: that attempt stays in the delivery's story.
  INSERT INTO tgn.earlier_attempt (delivery_no, attempt_no)
  SELECT x.delivery_no, x.attempt_no FROM #member m JOIN #row x ON x.delivery_no = m.delivery_no
  WHERE x.attempt_no IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM tgn.earlier_attempt e WHERE e.delivery_no = x.delivery_no AND e.attempt_no = x.attempt_no);
  UPDATE d SET state = 'sending', attempt_no = m.attempt_no, run_no = @run_no, not_before_utc = NULL, changed_utc = @now
  FROM tgn.delivery d JOIN #member m ON m.delivery_no = d.delivery_no
  WHERE d.state = 'planned';
  IF @@ROWCOUNT <> @rows THROW 50301, 'a row is not planned any more', 1;
  UPDATE h SET written_utc = @now FROM tgn.chat h JOIN #head r ON r.chat_id = h.chat_id WHERE h.bot_id = @bot_id AND r.ready_utc IS NOT NULL;
  INSERT INTO tgn.chat (bot_id, chat_id, written_utc)
  SELECT @bot_id, r.chat_id, @now FROM #head r
  WHERE r.ready_utc IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tgn.chat h WHERE h.bot_id = @bot_id AND h.chat_id = r.chat_id);
END;
GO
