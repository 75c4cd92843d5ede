-- Customers by id, or by digits of a phone. Parameters: @customer_id or @digits (the last ten, digits alone). Result: customer_id, customer_name,
-- group_id, group_name, live and the subscription of whichever bot knows the customer best (chat_id, state, origin, epoch), null where there is
-- none; in the order of ids. Then, by digits, the phones among which they stand: customer_id, phone. Phones are free text: these hold the digits one
-- after the other once what people put between them is left out; the program reads them more closely.
-- Locks: none that outlast a row's reading. By digits all customers are read.
DROP PROCEDURE IF EXISTS tgn.find_customers;
GO
CREATE PROCEDURE tgn.find_customers
  @customer_id uniqueidentifier,
  @digits varchar(20)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #phone (customer_id uniqueidentifier NOT NULL, phone nvarchar(4000) COLLATE DATABASE_DEFAULT NOT NULL);
  CREATE TABLE #found (customer_id uniqueidentifier NOT NULL PRIMARY KEY);
  IF @customer_id IS NOT NULL INSERT INTO #found (customer_id) VALUES (@customer_id);
  ELSE
  BEGIN
    INSERT INTO #phone (customer_id, phone)
    SELECT TOP (1000) x.customer_id, LEFT(x.phone, 4000)
    FROM (
      SELECT customer_id, CAST(phone AS nvarchar(max)) COLLATE Latin1_General_BIN2 AS phone FROM tgn.customer_phone
      UNION ALL
      SELECT customer_id, CAST(phones_xml AS nvarchar(max)) COLLATE Latin1_General_BIN2 FROM tgn.customer WHERE phones_xml IS NOT NULL
      UNION ALL
      SELECT customer_id, CAST(profile_phone AS nvarchar(max)) COLLATE Latin1_General_BIN2 FROM tgn.customer WHERE profile_phone IS NOT NULL
    ) x
    WHERE REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(x.phone, N' ', N''), NCHAR(160), N''), NCHAR(9), N''), NCHAR(10), N''), NCHAR(13), N''), N'(', N''), N')', N''), N'+', N''), N'.', N''), N'/', N''), N'-', N''), NCHAR(8208), N''), NCHAR(8209), N''), NCHAR(8210), N''), NCHAR(8211), N''), NCHAR(8212), N''), NCHAR(8213), N'') LIKE N'%' + @digits + N'%'
    OPTION (MAXDOP 1);
    INSERT INTO #found (customer_id) SELECT DISTINCT customer_id FROM #phone;
  END;

  SELECT c.customer_id, c.name AS customer_name, c.group_id, c.group_name, c.live, s.chat_id, s.state, s.origin, s.epoch
  INTO #known
  FROM #found f
  JOIN tgn.customer c ON c.customer_id = f.customer_id
  LEFT JOIN (
    SELECT customer_id, chat_id, state, origin, epoch,
      ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY CASE WHEN state = 'active' THEN 0 ELSE 1 END, changed_utc DESC, bot_id) AS place
    FROM tgn.subscription WHERE customer_id IN (SELECT customer_id FROM #found)
  ) s ON s.customer_id = c.customer_id AND s.place = 1
  OPTION (MAXDOP 1);
  SELECT customer_id, customer_name, group_id, group_name, live, chat_id, state, origin, epoch FROM #known ORDER BY CONVERT(char(36), customer_id);
  SELECT customer_id, phone FROM #phone;
END;
GO
