-- What customers' notes should say, and whether they must be written: both follow from the subscription. Where staff have cleared the note
-- themselves, it is theirs. Called inside the transaction that changed the subscriptions. Parameters: @bot_id, @customers. No result.
-- Locks: the mirror's rows of these customers, until the caller's transaction ends.
DROP PROCEDURE IF EXISTS tgn.want_notes;
GO
CREATE PROCEDURE tgn.want_notes
  @bot_id bigint,
  @customers tgn.id_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE m SET wanted = CASE WHEN s.state = 'active' THEN s.chat_id END
  FROM tgn.note_mirror m JOIN tgn.subscription s ON s.bot_id = m.bot_id AND s.customer_id = m.customer_id
  WHERE m.bot_id = @bot_id AND m.customer_id IN (SELECT id FROM @customers);
  INSERT INTO tgn.note_mirror (bot_id, customer_id, wanted)
  SELECT s.bot_id, s.customer_id, CASE WHEN s.state = 'active' THEN s.chat_id END
  FROM tgn.subscription s
  WHERE s.bot_id = @bot_id AND s.customer_id IN (SELECT id FROM @customers)
    AND NOT EXISTS (SELECT 1 FROM tgn.note_mirror m WHERE m.bot_id = s.bot_id AND m.customer_id = s.customer_id);
  -- The mark at the end: a comparison of texts leaves out blanks there.
  UPDATE m SET pending = CASE
    WHEN m.wanted IS NULL AND m.noted IS NULL THEN 0
    WHEN m.wanted + N'|' = m.noted + N'|' THEN 0
    WHEN EXISTS (SELECT 1 FROM tgn.subscription s WHERE s.bot_id = m.bot_id AND s.customer_id = m.customer_id AND s.state <> 'cleared') THEN 1
    ELSE 0 END
  FROM tgn.note_mirror m
  WHERE m.bot_id = @bot_id AND m.customer_id IN (SELECT id FROM @customers);
END;
GO
