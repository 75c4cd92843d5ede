-- Versions that a test gives by itself, for servers without rowversion: of each operation, and the one below which all is committed.
ALTER TABLE dbo.tp_ClientPurseOperations ADD cpop_Version binary(8) NULL;
GO
CREATE INDEX CI_tp_ClientPurseOperations_cpop_Version ON dbo.tp_ClientPurseOperations (cpop_Version);
CREATE TABLE dbo.tp_test_version (active bigint NULL);
INSERT INTO dbo.tp_test_version (active) VALUES (1);
GO
