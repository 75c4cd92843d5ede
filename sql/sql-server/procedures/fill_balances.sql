-- Balances of operations that are about to be told. The caller makes the table whose column `balance` it fills: #told (operation_id, id_text,
-- date, customer_id, account_type_id, balance); where none can be told safely it stays null. Parameter: @meaning after | current | off. The
-- balance after an operation is the current one (tgn.balance) less what came later in the order of (date, id_text).
-- No balance: a history above 20,000 operations (summing it would hold everybody up), one that somebody has locked, one that grew or shrank while
-- it was read, sums that no decimal holds. Nothing here fails: a notice without the line is better than none.
-- Locks: none that outlast a row's reading; called when no transaction is open.
DROP PROCEDURE IF EXISTS tgn.fill_balances;
GO
CREATE PROCEDURE tgn.fill_balances
  @meaning varchar(10)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  IF @meaning NOT IN ('after', 'current') OR NOT EXISTS (SELECT 1 FROM #told) RETURN;
  DECLARE @at int, @last int, @size int;
  DECLARE @payer TABLE (no int NOT NULL, customer_id uniqueidentifier NOT NULL PRIMARY KEY, operations int NULL, changed bit NOT NULL);
  DECLARE @current TABLE (customer_id uniqueidentifier NOT NULL, account_type_id uniqueidentifier NOT NULL, balance decimal(38, 4) NULL, PRIMARY KEY (customer_id, account_type_id));
  DECLARE @later TABLE (operation_id uniqueidentifier NOT NULL PRIMARY KEY, sum decimal(38, 4) NOT NULL);
  INSERT INTO @payer (no, customer_id, changed)
  SELECT ROW_NUMBER() OVER (ORDER BY t.customer_id), t.customer_id, 0 FROM (SELECT DISTINCT customer_id FROM #told) t;
  SELECT @last = COUNT(*) FROM @payer;
  SET @at = 1;
  SET @size = @last;
  WHILE @at <= @last
  BEGIN
    IF @at > 1 OR @size < @last
    BEGIN
      DELETE FROM @current;
      DELETE FROM @later;
    END;
    BEGIN TRY
      UPDATE p SET changed = 0, operations = (
        SELECT COUNT(*) FROM (SELECT TOP (20001) o.operation_id FROM tgn.operation o WHERE o.customer_id = p.customer_id) x
      )
      FROM @payer p WHERE p.no >= @at AND p.no < @at + @size
      OPTION (MAXDOP 1);
      INSERT INTO @current (customer_id, account_type_id, balance)
      -- Asked for one account at a time: a sum over all customers' operations must never be made for a few of them.
      SELECT a.customer_id, a.account_type_id, (
        SELECT b.balance FROM tgn.balance b WHERE b.customer_id = a.customer_id AND b.account_type_id = a.account_type_id
      )
      FROM (
        SELECT DISTINCT t.customer_id, t.account_type_id FROM #told t JOIN @payer p ON p.customer_id = t.customer_id
        WHERE p.no >= @at AND p.no < @at + @size AND p.operations <= 20000
      ) a
      OPTION (MAXDOP 1);
      IF @meaning = 'after'
      BEGIN
        INSERT INTO @later (operation_id, sum)
        SELECT t.operation_id, COALESCE((
          SELECT SUM(o.sum) FROM tgn.operation o
          WHERE o.customer_id = t.customer_id AND o.account_type_id = t.account_type_id
            AND (o.date > t.date OR (o.date = t.date AND CONVERT(char(36), o.operation_id) COLLATE Latin1_General_BIN2 > t.id_text))
        ), 0)
        FROM #told t JOIN @payer p ON p.customer_id = t.customer_id
        WHERE p.no >= @at AND p.no < @at + @size AND p.operations <= 20000
        OPTION (MAXDOP 1);
        UPDATE p SET changed = 1 FROM @payer p
        WHERE p.no >= @at AND p.no < @at + @size AND p.operations <= 20000
          AND p.operations <> (SELECT COUNT(*) FROM tgn.operation o WHERE o.customer_id = p.customer_id)
        OPTION (MAXDOP 1);
      END;
      UPDATE t SET balance = c.balance - COALESCE((SELECT l.sum FROM @later l WHERE l.operation_id = t.operation_id), 0)
      FROM #told t
      JOIN @current c ON c.customer_id = t.customer_id AND c.account_type_id = t.account_type_id
      JOIN @payer p ON p.customer_id = t.customer_id
      WHERE p.changed = 0;
      SET @at = @at + @size;
      SET @size = CASE WHEN @size > 100000 THEN @size ELSE @size * 2 END;
    END TRY
    BEGIN CATCH
      SET LOCK_TIMEOUT 100;
      IF @size = 1 SET @at = @at + 1;
      ELSE SET @size = (@size + 1) / 2;
    END CATCH;
  END;
END;
GO
