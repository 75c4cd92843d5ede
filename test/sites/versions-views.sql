-- As an administrator would put them in place: looks go by the versions of versions.sql.
DROP VIEW tgn.operation;
GO
CREATE VIEW tgn.operation AS
SELECT
  cpop_ID AS operation_id, cpop_clnt_ID AS customer_id, cpop_cptp_ID AS account_type_id, cpop_Date AS [date], cpop_Sum AS [sum],
  cpop_Name AS document, cpop_Description AS description, cpop_atop_ID AS authorization_id, cpop_cpop_ID_Return AS return_of, cpop_Version AS version
FROM dbo.tp_ClientPurseOperations;
GO
DROP VIEW tgn.active_version;
GO
CREATE VIEW tgn.active_version AS SELECT CAST(active AS binary(8)) AS version FROM dbo.tp_test_version;
GO
