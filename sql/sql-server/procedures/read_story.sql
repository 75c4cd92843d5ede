-- The whole story of a customer, or of one operation. Parameters: the bot; @customer_id or @operation_id; @limit, how many operations at most;
-- @note_type, the name of the note that holds a chat id. Result: whom it is about (customer_id, is_known; the customer's columns as
-- find_customers gives them, changed_at, guest_language); the phones, the newest generation first; the note (text); the operations, newest first, as
-- preview gives them, with those told last, however old; what tell_deliveries gives of them, and of operations that Tillypad no longer has; the
-- links refused for the customer; the groups above the customer's, the nearest first: ancestor_id. Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn.read_story;
GO
CREATE PROCEDURE tgn.read_story
  @bot_id bigint,
  @customer_id uniqueidentifier,
  @operation_id uniqueidentifier,
  @limit int,
  @note_type nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @single bit, @note nvarchar(4000), @has_note bit;
  CREATE TABLE #shown (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL,
    account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL, date datetime NOT NULL, sum decimal(38, 4) NOT NULL,
    document nvarchar(max) COLLATE DATABASE_DEFAULT NULL, description nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    division nvarchar(max) COLLATE DATABASE_DEFAULT NULL, return_of uniqueidentifier NULL
  );
  CREATE TABLE #told (
    operation_id uniqueidentifier NOT NULL PRIMARY KEY, id_text char(36) COLLATE Latin1_General_BIN2 NOT NULL, date datetime NOT NULL,
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL
  );
  CREATE TABLE #story (place int IDENTITY (1, 1) NOT NULL PRIMARY KEY, delivery_no bigint NOT NULL UNIQUE);
  CREATE TABLE #phone (generation int NOT NULL, id_text char(36) COLLATE Latin1_General_BIN2 NULL, phone nvarchar(max) COLLATE DATABASE_DEFAULT NOT NULL);

  CREATE TABLE #group (group_id uniqueidentifier NOT NULL PRIMARY KEY, done bit NOT NULL);
  CREATE TABLE #above (group_id uniqueidentifier NOT NULL, ancestor_id uniqueidentifier NOT NULL, distance int NOT NULL, PRIMARY KEY (group_id, ancestor_id));

  SET @single = CASE WHEN @operation_id IS NULL THEN 0 ELSE 1 END;
  IF @single = 1
  BEGIN
    SELECT @customer_id = customer_id FROM tgn.operation WHERE operation_id = @operation_id;
    IF @customer_id IS NULL SELECT @customer_id = customer_id FROM tgn.delivery WHERE bot_id = @bot_id AND operation_id = @operation_id;
  END;

  INSERT INTO #shown (operation_id, customer_id, account_type_id, account_type, date, sum, document, description, division, return_of)
  SELECT o.operation_id, o.customer_id, o.account_type_id,
    (SELECT TOP (1) y.name FROM tgn.account_type y WHERE y.account_type_id = o.account_type_id), o.date, o.sum, o.document, o.description,
    (SELECT TOP (1) v.name FROM tgn.division v WHERE v.authorization_id = o.authorization_id), o.return_of
  FROM (
    SELECT p.operation_id
    FROM (
      SELECT TOP (@limit) q.operation_id FROM tgn.operation q
      WHERE (@single = 1 AND q.operation_id = @operation_id) OR (@single = 0 AND q.customer_id = @customer_id)
      ORDER BY q.date DESC, CONVERT(char(36), q.operation_id) DESC
    ) p
    UNION
    SELECT l.operation_id
    FROM (
      SELECT TOP (@limit) d.operation_id FROM tgn.delivery d
      WHERE @single = 0 AND d.bot_id = @bot_id AND d.customer_id = @customer_id AND d.attempt_no IS NOT NULL
      ORDER BY d.changed_utc DESC, d.delivery_no DESC
    ) l
  ) n
  JOIN tgn.operation o ON o.operation_id = n.operation_id
  OPTION (RECOMPILE, MAXDOP 1);
  INSERT INTO #told (operation_id, id_text, date, customer_id, account_type_id)
  SELECT operation_id, CONVERT(char(36), operation_id), date, customer_id, account_type_id FROM #shown;
  EXEC tgn.fill_balances 'after';

  INSERT INTO #story (delivery_no)
  SELECT s.delivery_no
  FROM (
    SELECT d.delivery_no, d.operation_date, d.operation_id FROM tgn.delivery d
    WHERE d.bot_id = @bot_id AND (d.operation_id = @operation_id OR d.operation_id IN (SELECT operation_id FROM #shown))
    UNION
    SELECT g.delivery_no, g.operation_date, g.operation_id
    FROM (
      SELECT TOP (@limit) d.delivery_no, d.operation_date, d.operation_id FROM tgn.delivery d
      WHERE @single = 0 AND d.bot_id = @bot_id AND d.customer_id = @customer_id
        AND NOT EXISTS (SELECT 1 FROM tgn.operation o WHERE o.operation_id = d.operation_id)
      ORDER BY d.operation_date DESC, CONVERT(char(36), d.operation_id) DESC
    ) g
  ) s
  ORDER BY s.operation_date DESC, CONVERT(char(36), s.operation_id) DESC;

  INSERT INTO #phone (generation, id_text, phone)
  SELECT 1, CONVERT(char(36), phone_id), CAST(phone AS nvarchar(max)) COLLATE DATABASE_DEFAULT FROM tgn.customer_phone WHERE customer_id = @customer_id
  UNION ALL
  SELECT 2, NULL, CAST(phones_xml AS nvarchar(max)) COLLATE DATABASE_DEFAULT FROM tgn.customer WHERE customer_id = @customer_id AND phones_xml IS NOT NULL
  UNION ALL
  SELECT 3, NULL, CAST(profile_phone AS nvarchar(max)) COLLATE DATABASE_DEFAULT FROM tgn.customer WHERE customer_id = @customer_id AND profile_phone IS NOT NULL;
  -- The note as it is now; under another name than the program's own, what the last run saw in it.
  SET @has_note = 0;
  SELECT TOP (1) @has_note = 1, @note = n.text
  FROM tgn.note n JOIN tgn.note_type t ON t.note_type_id = n.note_type_id
  WHERE n.customer_id = @customer_id AND t.name = @note_type
  ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CONVERT(char(36), n.note_id) DESC;
  IF @has_note = 0 SELECT @note = noted FROM tgn.note_mirror WHERE bot_id = @bot_id AND customer_id = @customer_id;

  SELECT c.customer_id, c.name, c.group_id, c.group_name, c.live INTO #person FROM tgn.customer c WHERE c.customer_id = @customer_id;
  INSERT INTO #group (group_id, done) SELECT group_id, 0 FROM #person WHERE group_id IS NOT NULL;
  EXEC tgn.find_ancestors;
  SELECT @customer_id AS customer_id, CAST(CASE WHEN c.customer_id IS NULL THEN 0 ELSE 1 END AS bit) AS is_known, c.name AS customer_name,
    c.group_id, c.group_name, c.live, s.chat_id, s.state, s.origin, s.epoch, s.changed_utc AS changed_at, h.language AS guest_language
  FROM (SELECT 1 AS one) o
  LEFT JOIN #person c ON c.customer_id = @customer_id
  LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = c.customer_id
  LEFT JOIN tgn.chat h ON h.bot_id = s.bot_id AND h.chat_id = s.chat_id;
  SELECT phone FROM #phone ORDER BY generation, id_text;
  SELECT @note AS text;
  SELECT s.operation_id AS id, s.customer_id, s.account_type_id, s.account_type, CONVERT(varchar(23), s.date, 121) AS date,
    CONVERT(varchar(50), s.sum) AS sum, s.document, s.description, s.division, s.return_of, CONVERT(varchar(50), b.balance) AS balance
  FROM #shown s JOIN #told b ON b.operation_id = s.operation_id
  ORDER BY s.date DESC, b.id_text DESC;
  EXEC tgn.tell_deliveries;
  SELECT TOP (@limit) chat_id, update_id, reason, customer_id, at_utc AS at FROM tgn.refused_link
  WHERE bot_id = @bot_id AND customer_id = @customer_id ORDER BY refused_no DESC;
  SELECT ancestor_id FROM #above ORDER BY distance;
END;
GO
