-- Roles hold EXECUTE on schemas and nothing else; whoever is in none of them has no right here. The procedures read Tillypad's tables by their
-- owner's right, not by their caller's.
IF DATABASE_PRINCIPAL_ID(N'tgn_runner') IS NULL CREATE ROLE tgn_runner;
IF DATABASE_PRINCIPAL_ID(N'tgn_tasks') IS NULL CREATE ROLE tgn_tasks;
IF DATABASE_PRINCIPAL_ID(N'tgn_administrator') IS NULL CREATE ROLE tgn_administrator;
IF DATABASE_PRINCIPAL_ID(N'tgn_reader') IS NULL CREATE ROLE tgn_reader;
GO
-- Through EXEC: other servers of the same protocol know no plain GRANT in a transaction that has made what is granted.
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn TO tgn_runner');
GO
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn TO tgn_administrator');
GO
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn_admin TO tgn_administrator');
GO
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn_report TO tgn_reader');
GO
EXEC (N'GRANT EXECUTE ON SCHEMA::tgn_report TO tgn_administrator');
GO
-- Without it every member of db_datareader reads tokens that tasks have saved, and every member of db_datawriter writes deliveries.
IF @@VERSION LIKE N'Microsoft SQL%' EXEC (N'DENY SELECT, INSERT, UPDATE, DELETE, VIEW DEFINITION ON SCHEMA::tgn TO public');
GO
