-- The version's row comes last: before it, the ledger isn't installed.
IF NOT EXISTS (SELECT 1 FROM tgn.ledger_schema WHERE version = 1)
  INSERT INTO tgn.ledger_schema (version, installed_utc) SELECT 1, now_utc FROM tgn.clock;
INSERT INTO #tgn_step (step, did) SELECT N'ledger', CASE WHEN did = 1 THEN 0 ELSE 1 END FROM #tgn_step WHERE step = N'was';
DELETE FROM #tgn_step WHERE step = N'was';
-- Again what roles.sql says: nobody reads what the transaction leaves behind before that.
IF @@VERSION LIKE N'Microsoft SQL%' EXEC (N'DENY SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::tgn TO public');
COMMIT TRANSACTION;
GO
