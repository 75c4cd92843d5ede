-- A site where writers sign on first. The stand-in remembers who came, so that a test sees it.
CREATE TABLE dbo.tp_LogonsSeen (seen_ID int IDENTITY (1, 1) NOT NULL PRIMARY KEY, seen_At datetime NOT NULL DEFAULT GETDATE());
GO
CREATE PROCEDURE dbo.tpsrv_logon AS INSERT INTO dbo.tp_LogonsSeen DEFAULT VALUES;
GO
