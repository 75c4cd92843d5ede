-- The version's row comes last of all: before it, the ledger isn't installed.
UPDATE tgn.ledger_schema SET version = 1 WHERE version = -1;
IF NOT EXISTS (SELECT 1 FROM tgn.ledger_schema WHERE version = 1)
  INSERT INTO tgn.ledger_schema (version, installed_utc) SELECT 1, now_utc FROM tgn.clock;
GO
