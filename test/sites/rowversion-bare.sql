-- A site whose operations carry a rowversion and have no index that begins with it.
ALTER TABLE dbo.tp_ClientPurseOperations ADD cpop_Version rowversion;
GO
