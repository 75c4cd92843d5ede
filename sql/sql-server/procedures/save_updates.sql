-- One judged page of updates, in one transaction of our own tables with the offset, so that what Telegram may forget is durable here.
-- Parameters: @bot_id, @run_no, @offset, stored as received: Telegram's numbers may start anew; @subscriptions, @chats, @refused.
-- Result: answer saved | lock_lost. Locks: the rows written.
DROP PROCEDURE IF EXISTS tgn.save_updates;
GO
CREATE PROCEDURE tgn.save_updates
  @bot_id bigint,
  @run_no int,
  @offset bigint,
  @subscriptions tgn.subscription_list_1 READONLY,
  @chats tgn.chat_list_1 READONLY,
  @refused tgn.refused_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #subscriptions (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    state varchar(10) COLLATE Latin1_General_BIN2 NOT NULL, origin varchar(10) COLLATE Latin1_General_BIN2 NOT NULL, epoch int NOT NULL
  );
  INSERT INTO #subscriptions (customer_id, chat_id, state, origin, epoch) SELECT customer_id, chat_id, state, origin, epoch FROM @subscriptions;
  CREATE TABLE #chats (
    chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY, language varchar(5) COLLATE Latin1_General_BIN2 NULL
  );
  INSERT INTO #chats (chat_id, language) SELECT chat_id, language FROM @chats;
  CREATE TABLE #refused (
    update_id bigint NOT NULL PRIMARY KEY, chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
    reason varchar(20) COLLATE Latin1_General_BIN2 NOT NULL, customer_id uniqueidentifier NULL
  );
  INSERT INTO #refused (update_id, chat_id, reason, customer_id) SELECT update_id, chat_id, reason, customer_id FROM @refused;
  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE tgn.bot SET offset = @offset WHERE bot_id = @bot_id;
  UPDATE c SET language = n.language FROM tgn.chat c JOIN #chats n ON n.chat_id = c.chat_id WHERE c.bot_id = @bot_id;
  INSERT INTO tgn.chat (bot_id, chat_id, language)
  SELECT @bot_id, n.chat_id, n.language FROM #chats n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.chat c WHERE c.bot_id = @bot_id AND c.chat_id = n.chat_id);
  UPDATE s SET chat_id = n.chat_id, state = n.state, origin = n.origin, epoch = n.epoch, changed_utc = @now
  FROM tgn.subscription s JOIN #subscriptions n ON n.customer_id = s.customer_id
  WHERE s.bot_id = @bot_id;
  INSERT INTO tgn.subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc)
  SELECT @bot_id, n.customer_id, n.chat_id, n.state, n.origin, n.epoch, @now FROM #subscriptions n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.subscription s WHERE s.bot_id = @bot_id AND s.customer_id = n.customer_id);
  DECLARE @changed tgn.id_list_1;
  INSERT INTO @changed (id) SELECT customer_id FROM #subscriptions;
  EXEC tgn.want_notes @bot_id, @changed;
  -- A page that Telegram hands out twice is refused once.
  INSERT INTO tgn.refused_link (bot_id, chat_id, update_id, reason, customer_id, at_utc)
  SELECT @bot_id, r.chat_id, r.update_id, r.reason, r.customer_id, @now FROM #refused r
  WHERE NOT EXISTS (SELECT 1 FROM tgn.refused_link k WHERE k.bot_id = @bot_id AND k.update_id = r.update_id)
  ORDER BY r.update_id;
  COMMIT TRANSACTION;
  EXEC tgn.flush_log;
  SELECT 'saved' AS answer;
END;
GO
