-- Remembers the notes that were judged, with the subscriptions they lead to. Parameters: @bot_id, @run_no, @notes.
-- Result: answer saved | lock_lost. Locks: the rows written.
DROP PROCEDURE IF EXISTS tgn.save_notes;
GO
CREATE PROCEDURE tgn.save_notes
  @bot_id bigint,
  @run_no int,
  @notes tgn.note_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #notes (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, noted nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NULL, state varchar(10) COLLATE Latin1_General_BIN2 NULL,
    origin varchar(10) COLLATE Latin1_General_BIN2 NULL, epoch int NULL
  );
  INSERT INTO #notes (customer_id, noted, chat_id, state, origin, epoch) SELECT customer_id, noted, chat_id, state, origin, epoch FROM @notes;
  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE m SET noted = n.noted FROM tgn.note_mirror m JOIN #notes n ON n.customer_id = m.customer_id WHERE m.bot_id = @bot_id;
  INSERT INTO tgn.note_mirror (bot_id, customer_id, noted)
  SELECT @bot_id, n.customer_id, n.noted FROM #notes n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.note_mirror m WHERE m.bot_id = @bot_id AND m.customer_id = n.customer_id);
  UPDATE s SET chat_id = n.chat_id, state = n.state, origin = n.origin, epoch = n.epoch, changed_utc = @now
  FROM tgn.subscription s JOIN #notes n ON n.customer_id = s.customer_id
  WHERE s.bot_id = @bot_id AND n.state IS NOT NULL;
  INSERT INTO tgn.subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc)
  SELECT @bot_id, n.customer_id, n.chat_id, n.state, n.origin, n.epoch, @now FROM #notes n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.subscription s WHERE s.bot_id = @bot_id AND s.customer_id = n.customer_id) AND n.state IS NOT NULL;
  DECLARE @changed tgn.id_list_1;
  INSERT INTO @changed (id) SELECT customer_id FROM #notes;
  EXEC tgn.want_notes @bot_id, @changed;
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;
  SELECT 'saved' AS answer;
END;
GO
