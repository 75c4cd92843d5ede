-- A site whose operations carry a rowversion, with the index that looks need to go by it.
ALTER TABLE dbo.tp_ClientPurseOperations ADD cpop_Version rowversion;
GO
CREATE INDEX CI_tp_ClientPurseOperations_cpop_Version ON dbo.tp_ClientPurseOperations (cpop_Version);
GO
