-- The generation of 2020: phones as xml in the customer's row.
ALTER TABLE dbo.tp_Clients ADD clnt_Phones xml NULL;
GO
