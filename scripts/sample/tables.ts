import type { DatabaseSync } from 'node:sqlite';

import { makeWriter, type Writer } from './writer.ts';

/** The columns that the sample fills; the others stay null or at their default. */
const COLUMNS = {
  tp_ClientGroups: ['clgr_ID', 'clgr_clgr_ID_Parent', 'clgr_del_ID', 'clgr_Name', 'clgr_Description', 'clgr_IsDisabled'],
  tp_People: [
    'pepl_ID',
    'pepl_del_ID',
    'pepl_FirstName',
    'pepl_SecondName',
    'pepl_Patronymic',
    'pepl_DateBirthday',
    'pepl_PhoneCell',
    'pepl_EMail',
  ],
  tp_Clients: ['clnt_ID', 'clnt_clgr_ID', 'clnt_pepl_ID', 'clnt_del_ID', 'clnt_Name', 'clnt_Description', 'clnt_IsDisabled', 'clnt_Phones'],
  tp_ClientPhones: ['clph_ID', 'clph_clnt_ID', 'clph_Phone'],
  tp_ClientPurseTypes: ['cptp_ID', 'cptp_Name', 'cptp_Description', 'cptp_del_ID'],
  tp_Divisions: ['dvsn_ID', 'dvsn_del_ID', 'dvsn_Name'],
  tp_AuthorizationOperations: ['atop_ID', 'atop_dvsn_ID', 'atop_Date', 'atop_Name'],
  tp_ClientPurseOperations: [
    'cpop_ID',
    'cpop_clnt_ID',
    'cpop_cptp_ID',
    'cpop_atop_ID',
    'cpop_usr_ID',
    'cpop_cpop_ID_Return',
    'cpop_Date',
    'cpop_Name',
    'cpop_Description',
    'cpop_Sum',
    'cpop_ExternalTransactionID',
  ],
  tp_NoteTypes: [
    'nttp_ID',
    'nttp_vdt_ID',
    'nttp_del_ID',
    'nttp_Name',
    'nttp_Description',
    'nttp_Caption',
    'nttp_Order',
    'nttp_IsUnique',
    'nttp_IsDisabled',
  ],
  tp_Notes: ['note_ID', 'note_nttp_ID', 'note_obj_ID', 'note_item_ID', 'note_tpsyso_ID', 'note_Date', 'note_Value'],
} as const;

type Table = keyof typeof COLUMNS;

/** One writer a table, under the table's own name. */
export type Tables = Readonly<Record<Table, Writer>>;

export function openTables(database: DatabaseSync): Tables {
  const entries = Object.entries(COLUMNS).map(([table, columns]) => [table, makeWriter(database, table, columns)] as const);
  return Object.fromEntries(entries) as Record<Table, Writer>;
}

/** Writes what waits in every table and answers how many rows each has got. */
export function finishTables(tables: Tables): Readonly<Record<Table, number>> {
  const entries = Object.entries(tables).map(([table, writer]) => {
    writer.finish();
    return [table, writer.rows] as const;
  });
  return Object.fromEntries(entries) as Record<Table, number>;
}
