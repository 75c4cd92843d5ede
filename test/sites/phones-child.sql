-- The newest generation: phones in a table of their own.
CREATE TABLE dbo.tp_ClientPhones (
  clph_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, clph_clnt_ID uniqueidentifier NOT NULL, clph_Phone nvarchar(max) NULL
);
CREATE INDEX CK_tp_ClientPhones_clph_clnt_ID ON dbo.tp_ClientPhones (clph_clnt_ID);
GO
