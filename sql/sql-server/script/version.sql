-- The version's row comes last of all: before it, a new ledger isn't installed. Through a procedure: what is denied to public (roles.sql) is denied to
-- a member of db_owner too who isn't dbo.
EXEC tgn_admin.save_version @version = 1;
GO
