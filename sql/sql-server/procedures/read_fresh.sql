-- Customers and operations of a claim as they are now. No parameters, no result. Called by claim and advance in their transaction; reads their #go (no, customer_id) and
-- #row (customer_id, operation_id, …), fills #person and #seen, #group and #above (find_ancestors), and #stuck with customers whom somebody has locked, or an
-- operation or a group of theirs: absence decides here, and so it waits for a lock; who stays locked is left alone.
-- Locks: none that outlast a row's reading. XACT_ABORT is off while it reads, so that a lock timeout doesn't undo what the caller has recorded.
DROP PROCEDURE IF EXISTS tgn.read_fresh;
GO
CREATE PROCEDURE tgn.read_fresh
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @at int, @last int, @size int, @again bit, @stuck int;
  SELECT @at = 1, @again = 0, @stuck = 0;
  SELECT @last = COALESCE(MAX(no), 0) FROM #go;
  SET @size = @last;
  WHILE @at <= @last
  BEGIN
    BEGIN TRY
      SET XACT_ABORT OFF;
      INSERT INTO #person (customer_id, name, group_id, group_name, live)
      SELECT c.customer_id, c.name, c.group_id, c.group_name, c.live
      FROM #go g JOIN tgn.customer c ON c.customer_id = g.customer_id
      WHERE g.no >= @at AND g.no < @at + @size AND NOT EXISTS (SELECT 1 FROM #person p WHERE p.customer_id = g.customer_id)
      OPTION (LOOP JOIN, MAXDOP 1);
      INSERT INTO #group (group_id, done)
      SELECT DISTINCT p.group_id, 0 FROM #go g JOIN #person p ON p.customer_id = g.customer_id
      WHERE g.no >= @at AND g.no < @at + @size
        AND p.group_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM #group k WHERE k.group_id = p.group_id);
      EXEC tgn.find_ancestors @again;
      INSERT INTO #seen (operation_id, customer_id, account_type_id, account_type, date, sum, document, description, division, return_of)
      SELECT o.operation_id, o.customer_id, o.account_type_id,
        (SELECT TOP (1) t.name FROM tgn.account_type t WHERE t.account_type_id = o.account_type_id), o.date, o.sum, o.document, o.description,
        (SELECT TOP (1) v.name FROM tgn.division v WHERE v.authorization_id = o.authorization_id), o.return_of
      FROM #go g
      JOIN #row r ON r.customer_id = g.customer_id
      JOIN tgn.operation o ON o.operation_id = r.operation_id
      WHERE g.no >= @at AND g.no < @at + @size AND NOT EXISTS (SELECT 1 FROM #seen s WHERE s.operation_id = r.operation_id)
      OPTION (LOOP JOIN, MAXDOP 1);
      SET XACT_ABORT ON;
      SET @at = @at + @size;
      SET @size = CASE WHEN @size > 100000 THEN @size ELSE @size * 2 END;
    END TRY
    BEGIN CATCH
      SET XACT_ABORT ON;
      IF ERROR_NUMBER() <> 1222 THROW;
      -- Else a group that somebody has locked would be asked for again with each guest.
      DELETE FROM #group WHERE done = 0;
      -- The wait is over; who is still locked need not be waited for as long again, and once many are, not at all: a long transaction may hold
      -- them all.
      SET @again = 1;
      IF @stuck < 5 SET LOCK_TIMEOUT 100;
      ELSE SET LOCK_TIMEOUT 1;
      IF @size = 1
      BEGIN
        SET @stuck = @stuck + 1;
        INSERT INTO #stuck (customer_id) SELECT customer_id FROM #go WHERE no = @at;
        SET @at = @at + 1;
      END
      ELSE SET @size = (@size + 1) / 2;
    END CATCH;
  END;
END;
GO
