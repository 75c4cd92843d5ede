-- Tillypad XL's own tables, as far as this program reads them, in T-SQL: what all generations have in common. Column types as on a real site:
-- keys uniqueidentifier, dates datetime, money numeric(18,4), names nvarchar(max), a note's value sql_variant.
CREATE TABLE dbo.tp_ClientGroups (
  clgr_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, clgr_clgr_ID_Parent uniqueidentifier NULL, clgr_del_ID uniqueidentifier NULL,
  clgr_Name nvarchar(max) NOT NULL, clgr_Description nvarchar(max) NULL, clgr_IsDisabled bit NOT NULL DEFAULT 0
);
CREATE TABLE dbo.tp_People (
  pepl_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, pepl_del_ID uniqueidentifier NULL, pepl_lggr_ID uniqueidentifier NULL,
  pepl_FirstName nvarchar(max) NULL, pepl_SecondName nvarchar(max) NULL, pepl_Patronymic nvarchar(max) NULL, pepl_DateBirthday datetime NULL,
  pepl_PhoneCell nvarchar(max) NULL, pepl_PhoneHome nvarchar(max) NULL, pepl_PhoneWork nvarchar(max) NULL, pepl_EMail nvarchar(max) NULL,
  pepl_Comment nvarchar(max) NULL
);
CREATE TABLE dbo.tp_Clients (
  clnt_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, clnt_clgr_ID uniqueidentifier NOT NULL, clnt_firm_ID uniqueidentifier NULL,
  clnt_lggr_ID uniqueidentifier NULL, clnt_pepl_ID uniqueidentifier NULL, clnt_sprv_ID uniqueidentifier NULL, clnt_del_ID uniqueidentifier NULL,
  clnt_Name nvarchar(max) NOT NULL, clnt_Description nvarchar(max) NULL, clnt_IsDisabled bit NOT NULL DEFAULT 0
);
CREATE TABLE dbo.tp_ClientPurseTypes (
  cptp_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, cptp_Name nvarchar(max) NOT NULL, cptp_Description nvarchar(max) NULL,
  cptp_del_ID uniqueidentifier NULL
);
CREATE TABLE dbo.tp_Divisions (
  dvsn_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, dvsn_del_ID uniqueidentifier NULL, dvsn_Name nvarchar(max) NOT NULL
);
CREATE TABLE dbo.tp_AuthorizationOperations (
  atop_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, atop_dvsn_ID uniqueidentifier NULL, atop_Date datetime NULL,
  atop_Name nvarchar(max) NULL
);
CREATE TABLE dbo.tp_ClientPurseOperations (
  cpop_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, cpop_clnt_ID uniqueidentifier NOT NULL, cpop_cptp_ID uniqueidentifier NOT NULL,
  cpop_atop_ID uniqueidentifier NULL, cpop_usr_ID uniqueidentifier NULL, cpop_cpop_ID_Return uniqueidentifier NULL,
  cpop_Date datetime NOT NULL DEFAULT GETDATE(), cpop_Name nvarchar(max) NULL, cpop_Description nvarchar(max) NULL,
  cpop_Sum numeric(18, 4) NOT NULL, cpop_ExternalTransactionID nvarchar(100) NULL
);
CREATE INDEX CK_tp_ClientPurseOperations_cpop_clnt_ID ON dbo.tp_ClientPurseOperations (cpop_clnt_ID);
CREATE INDEX CI_tp_ClientPurseOperations_cpop_Date ON dbo.tp_ClientPurseOperations (cpop_Date);
CREATE TABLE dbo.tp_NoteTypes (
  nttp_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, nttp_vdt_ID int NOT NULL, nttp_del_ID uniqueidentifier NULL,
  nttp_Name nvarchar(max) NOT NULL, nttp_Description nvarchar(max) NULL, nttp_ValueType nvarchar(max) NULL, nttp_Caption nvarchar(max) NULL,
  nttp_PageCaption nvarchar(max) NULL, nttp_Order int NULL, nttp_IsUnique bit NOT NULL DEFAULT 0, nttp_IsRequired bit NOT NULL DEFAULT 0,
  nttp_IsDisabled bit NOT NULL DEFAULT 0
);
CREATE TABLE dbo.tp_NoteTypeObjects (
  nttpo_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, nttpo_nttp_ID uniqueidentifier NOT NULL, nttpo_tpsyso_ID uniqueidentifier NOT NULL,
  nttpo_TableName nvarchar(max) NULL
);
CREATE TABLE dbo.tp_Notes (
  note_ID uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY, note_nttp_ID uniqueidentifier NOT NULL, note_obj_ID uniqueidentifier NOT NULL,
  note_item_ID uniqueidentifier NOT NULL, note_tpsyso_ID uniqueidentifier NULL, note_Date datetime NULL, note_Value sql_variant NULL
);
CREATE INDEX CK_tp_Notes_note_obj_ID ON dbo.tp_Notes (note_obj_ID);
CREATE INDEX CK_tp_Notes_note_nttp_ID ON dbo.tp_Notes (note_nttp_ID);
GO
