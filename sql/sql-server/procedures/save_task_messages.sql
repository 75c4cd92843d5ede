-- Keeps what the logs of Tillypad's tasks are to say. Parameters: @messages, causes that were met just now; @complete, tasks of which all was
-- looked at ('*' = what concerns all): their other causes are over. No result. Locks: tgn:…:messages and the messages' rows until it
-- ends; the bot's lock isn't needed.
DROP PROCEDURE IF EXISTS tgn.save_task_messages;
GO
CREATE PROCEDURE tgn.save_task_messages
  @messages tgn.message_list_1 READONLY,
  @complete tgn.text_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @lock nvarchar(255), @got int;
  DECLARE @met tgn.message_list_1;
  DECLARE @looked tgn.text_list_1;
  INSERT INTO @met (task_id, cause, text, patience_ms) SELECT task_id, cause, text, patience_ms FROM @messages;
  INSERT INTO @looked (item) SELECT item FROM @complete;
  SELECT @now = now_utc FROM tgn.clock;

  BEGIN TRANSACTION;
  -- Two runs of two bots may meet the same cause at once: the second waits here. Who doesn't get it goes on: a line told twice is the worst of it.
  SET @lock = N'tgn:' + DB_NAME() + N':messages';
  EXEC @got = sp_getapplock @Resource = @lock, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 2000;

  -- What was over for less than an hour is the same trouble. With patience it begins anew, or two short ones would look like a long one.
  UPDATE m SET ended_utc = NULL
  FROM tgn.task_message m JOIN @met n ON n.task_id = m.task_id AND n.cause = m.cause
  WHERE m.patience_ms = 0 AND m.ended_utc > DATEADD(hour, -1, @now)
    AND m.message_no = (SELECT MAX(o.message_no) FROM tgn.task_message o WHERE o.task_id = n.task_id AND o.cause = n.cause);

  UPDATE m SET last_utc = @now, text = n.text
  FROM tgn.task_message m JOIN @met n ON n.task_id = m.task_id AND n.cause = m.cause
  WHERE m.ended_utc IS NULL;

  INSERT INTO tgn.task_message (task_id, cause, text, patience_ms, first_utc, last_utc)
  SELECT n.task_id, n.cause, n.text, n.patience_ms, @now, @now FROM @met n
  WHERE NOT EXISTS (SELECT 1 FROM tgn.task_message m WHERE m.task_id = n.task_id AND m.cause = n.cause AND m.ended_utc IS NULL);

  UPDATE tgn.task_message SET ended_utc = @now
  WHERE ended_utc IS NULL AND task_id IN (SELECT item FROM @looked)
    AND NOT EXISTS (SELECT 1 FROM @met n WHERE n.task_id = task_message.task_id AND n.cause = task_message.cause);

  DELETE FROM tgn.task_message WHERE ended_utc < DATEADD(day, -90, @now);
  IF @@ROWCOUNT > 0 DELETE FROM tgn.task_told WHERE message_no NOT IN (SELECT message_no FROM tgn.task_message);
  COMMIT TRANSACTION;
END;
GO
