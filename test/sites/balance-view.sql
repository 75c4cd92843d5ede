-- What an administrator who knows the register puts in place of the sum of all operations.
DROP VIEW tgn.balance;
GO
CREATE VIEW tgn.balance AS
SELECT clpr_clnt_ID AS customer_id, clpr_cptp_ID AS account_type_id, clpr_Balance AS balance, CAST(NULL AS bigint) AS operations
FROM dbo.tp_ClientPurses;
GO
