-- Tillypad XL's own tables, as far as this program reads them, under their own names and column prefixes, for the embedded engine.
-- `install` never runs this on a database that has them; `npm run sample` fills it. Dates are wall-clock text
-- 'YYYY-MM-DD HH:MM:SS.mmm', identifiers lower-case GUID text, and money is an integer of 1/10,000: SQLite has no decimal.
-- The two large tables have their keys as indexes of their own, so that a fill of a million rows can build them last.

create table tp_ClientGroups (
  clgr_ID text primary key, clgr_clgr_ID_Parent text, clgr_del_ID text,
  clgr_Name text not null, clgr_Description text, clgr_IsDisabled integer not null default 0
) without rowid;

create table tp_People (
  pepl_ID text primary key, pepl_del_ID text, pepl_lggr_ID text,
  pepl_FirstName text, pepl_SecondName text, pepl_Patronymic text, pepl_DateBirthday text,
  pepl_PhoneCell text, pepl_PhoneHome text, pepl_PhoneWork text, pepl_EMail text, pepl_Comment text
) without rowid;

create table tp_Clients (
  clnt_ID text primary key, clnt_clgr_ID text not null, clnt_firm_ID text, clnt_lggr_ID text, clnt_pepl_ID text,
  clnt_sprv_ID text, clnt_del_ID text, clnt_Name text not null, clnt_Description text,
  clnt_IsDisabled integer not null default 0, clnt_Phones text
) without rowid;

-- The newest of the three generations of phones; the older two are clnt_Phones (xml) and pepl_PhoneCell.
create table tp_ClientPhones (
  clph_ID text primary key, clph_clnt_ID text not null, clph_Phone text
) without rowid;
create index CK_tp_ClientPhones_clph_clnt_ID on tp_ClientPhones (clph_clnt_ID);

create table tp_ClientPurseTypes (
  cptp_ID text primary key, cptp_Name text not null, cptp_Description text, cptp_del_ID text
) without rowid;

create table tp_Divisions (
  dvsn_ID text primary key, dvsn_del_ID text, dvsn_Name text not null
) without rowid;

create table tp_AuthorizationOperations (
  atop_ID text not null, atop_dvsn_ID text, atop_Date text, atop_Name text
);
create unique index PK_tp_AuthorizationOperations on tp_AuthorizationOperations (atop_ID);

create table tp_ClientPurseOperations (
  cpop_ID text not null, cpop_clnt_ID text not null, cpop_cptp_ID text not null, cpop_atop_ID text, cpop_usr_ID text,
  cpop_cpop_ID_Return text, cpop_Date text not null, cpop_Name text, cpop_Description text, cpop_Sum integer not null,
  cpop_ExternalTransactionID text
);
create unique index PK_tp_ClientPurseOperations on tp_ClientPurseOperations (cpop_ID);
create index CK_tp_ClientPurseOperations_cpop_clnt_ID on tp_ClientPurseOperations (cpop_clnt_ID);
create index CI_tp_ClientPurseOperations_cpop_Date on tp_ClientPurseOperations (cpop_Date);

create table tp_NoteTypes (
  nttp_ID text primary key, nttp_vdt_ID integer not null, nttp_del_ID text, nttp_Name text not null, nttp_Description text,
  nttp_ValueType text, nttp_Caption text, nttp_PageCaption text, nttp_Order integer,
  nttp_IsUnique integer not null default 0, nttp_IsRequired integer not null default 0, nttp_IsDisabled integer not null default 0
) without rowid;

create table tp_Notes (
  note_ID text primary key, note_nttp_ID text not null, note_obj_ID text not null, note_item_ID text not null,
  note_tpsyso_ID text, note_Date text, note_Value
) without rowid;
create index CK_tp_Notes_note_obj_ID on tp_Notes (note_obj_ID);
create index CK_tp_Notes_note_nttp_ID on tp_Notes (note_nttp_ID);
