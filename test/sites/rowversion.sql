-- A site whose operations carry a rowversion.
ALTER TABLE dbo.tp_ClientPurseOperations ADD cpop_Version rowversion;
GO
