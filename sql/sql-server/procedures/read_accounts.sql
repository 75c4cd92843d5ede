-- A customer's accounts and newest operation, for the bot's own replies. Parameter: @customers. Result: two sets. Accounts: one of each type that
-- has ever moved and isn't in the recycle bin, balance as decimal text, null where the history is above 20,000 operations or somebody is writing it.
-- Newest: the operation with its balance, which is its account's current one. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_accounts;
GO
CREATE PROCEDURE tgn.read_accounts
  @customers tgn.id_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #asked (id uniqueidentifier NOT NULL PRIMARY KEY);
  INSERT INTO #asked (id) SELECT id FROM @customers;
  CREATE TABLE #long (customer_id uniqueidentifier NOT NULL PRIMARY KEY, operations int NOT NULL);
  CREATE TABLE #accounts (
    customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    balance varchar(41) COLLATE Latin1_General_BIN2 NULL, PRIMARY KEY (customer_id, account_type_id)
  );
  CREATE TABLE #newest (
    id uniqueidentifier NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL,
    account_type nvarchar(max) COLLATE DATABASE_DEFAULT NULL, date datetime NOT NULL, sum varchar(41) COLLATE Latin1_General_BIN2 NOT NULL,
    document nvarchar(max) COLLATE DATABASE_DEFAULT NULL, description nvarchar(max) COLLATE DATABASE_DEFAULT NULL,
    division nvarchar(max) COLLATE DATABASE_DEFAULT NULL, return_of uniqueidentifier NULL
  );
  BEGIN TRY
    INSERT INTO #long (customer_id, operations)
    SELECT c.id, (SELECT COUNT(*) FROM (SELECT TOP (20001) 1 AS one FROM tgn.operation o WHERE o.customer_id = c.id) t) FROM #asked c
    OPTION (MAXDOP 1);
    INSERT INTO #accounts (customer_id, account_type_id, account_type)
    SELECT o.customer_id, o.account_type_id, t.name
    FROM (SELECT DISTINCT customer_id, account_type_id FROM tgn.operation WHERE customer_id IN (SELECT id FROM #asked)) o
    JOIN tgn.account_type t ON t.account_type_id = o.account_type_id AND t.deleted = 0
    OPTION (MAXDOP 1);
    INSERT INTO #newest (id, customer_id, account_type_id, account_type, date, sum, document, description, division, return_of)
    SELECT
      o.operation_id, o.customer_id, o.account_type_id, t.name, o.date, CONVERT(varchar(41), CAST(o.sum AS decimal(38, 4))), o.document, o.description,
      (SELECT TOP (1) v.name FROM tgn.division v WHERE v.authorization_id = o.authorization_id), o.return_of
    FROM #asked c
    CROSS APPLY (
      SELECT TOP (1) * FROM tgn.operation p WHERE p.customer_id = c.id ORDER BY p.date DESC, CAST(p.operation_id AS char(36)) DESC
    ) o
    LEFT JOIN tgn.account_type t ON t.account_type_id = o.account_type_id
    OPTION (MAXDOP 1);
    -- Asked for one account at a time: a sum over all customers' operations must never be made for a few of them.
    UPDATE a SET balance = CONVERT(varchar(41), CAST((
      SELECT b.balance FROM tgn.balance b WHERE b.customer_id = a.customer_id AND b.account_type_id = a.account_type_id
    ) AS decimal(38, 4)))
    FROM #accounts a
    JOIN #long l ON l.customer_id = a.customer_id AND l.operations <= 20000
    OPTION (MAXDOP 1);
  END TRY
  BEGIN CATCH
    -- Somebody is writing, or an altered view gives an account two balances (512): what was read by then is told, and no balance that was not.
    IF ERROR_NUMBER() NOT IN (1222, 512) THROW;
  END CATCH;
  SELECT customer_id, account_type_id, account_type, balance FROM #accounts
  ORDER BY CAST(customer_id AS char(36)), account_type, CAST(account_type_id AS char(36));
  SELECT
    n.id, n.customer_id, n.account_type_id, n.account_type, CONVERT(varchar(23), n.date, 121) AS date, n.sum, n.document, n.description, n.division,
    n.return_of, a.balance
  FROM #newest n LEFT JOIN #accounts a ON a.customer_id = n.customer_id AND a.account_type_id = n.account_type_id
  ORDER BY CAST(n.customer_id AS char(36));
END;
GO
