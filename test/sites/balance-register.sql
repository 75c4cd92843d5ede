-- A site with a register of current balances, which Tillypad's own writers keep: here a trigger stands in for them. Table and columns are made up,
-- as the real ones aren't known.
CREATE TABLE dbo.tp_ClientPurses (
  clpr_clnt_ID uniqueidentifier NOT NULL, clpr_cptp_ID uniqueidentifier NOT NULL, clpr_Balance numeric(18, 4) NOT NULL,
  PRIMARY KEY (clpr_clnt_ID, clpr_cptp_ID)
);
GO
CREATE TRIGGER dbo.tr_ClientPurses ON dbo.tp_ClientPurseOperations AFTER INSERT, UPDATE, DELETE AS
BEGIN
  SET NOCOUNT ON;
  DELETE FROM dbo.tp_ClientPurses;
  INSERT INTO dbo.tp_ClientPurses (clpr_clnt_ID, clpr_cptp_ID, clpr_Balance)
  SELECT cpop_clnt_ID, cpop_cptp_ID, SUM(cpop_Sum) FROM dbo.tp_ClientPurseOperations GROUP BY cpop_clnt_ID, cpop_cptp_ID;
END;
GO
