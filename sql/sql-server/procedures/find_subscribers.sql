-- Who and what a page of updates is about: the customers and chats asked for, the chats that the customers sit in, and everybody who sits in any
-- of these chats. Parameters: @bot_id, @customers, @chats. Result: three sets: subscriptions, chats, customers.
-- Takes no lock that outlives it; waits at most 2 s for a customer whom Tillypad is writing.
DROP PROCEDURE IF EXISTS tgn.find_subscribers;
GO
CREATE PROCEDURE tgn.find_subscribers
  @bot_id bigint,
  @customers tgn.id_list_1 READONLY,
  @chats tgn.text_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #asked (id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #asked (id) SELECT id FROM @customers;
  CREATE TABLE #named (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #named (item) SELECT item FROM @chats;
  CREATE TABLE #chats (chat_id varchar(32) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #chats (chat_id)
  SELECT item FROM #named
  UNION
  SELECT chat_id FROM tgn.subscription WHERE bot_id = @bot_id AND customer_id IN (SELECT id FROM #asked);
  CREATE TABLE #customers (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, customer_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, group_id uniqueidentifier NULL,
    group_name nvarchar(max) COLLATE DATABASE_DEFAULT NULL, live bit NULL
  );
  INSERT INTO #customers (customer_id, customer_name, group_id, group_name, live)
  SELECT c.customer_id, c.name, c.group_id, c.group_name, c.live
  FROM tgn.customer c
  WHERE c.customer_id IN (
    SELECT id FROM #asked
    UNION
    SELECT s.customer_id FROM tgn.subscription s JOIN #chats h ON h.chat_id = s.chat_id WHERE s.bot_id = @bot_id
  )
  OPTION (MAXDOP 1);
  SELECT s.customer_id, s.chat_id, s.state, s.origin, s.epoch
  FROM tgn.subscription s JOIN #chats h ON h.chat_id = s.chat_id
  WHERE s.bot_id = @bot_id
  ORDER BY CAST(s.customer_id AS char(36));
  SELECT c.chat_id, c.language FROM tgn.chat c JOIN #chats h ON h.chat_id = c.chat_id WHERE c.bot_id = @bot_id ORDER BY c.chat_id;
  SELECT customer_id, customer_name, group_id, group_name, live FROM #customers ORDER BY CAST(customer_id AS char(36));
END;
GO
