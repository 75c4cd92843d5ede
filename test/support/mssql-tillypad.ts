import type { NewOperation, Site } from '../contract/engine.ts';
import type { TestDatabase } from './mssql-database.ts';
import { moneyLiteral, raw, sql, wallLiteral } from './mssql-literal.ts';
import { nextId } from './site-ids.ts';

type Tillypad = Pick<
  Site,
  | 'addGroup'
  | 'closeLoop'
  | 'addAccountType'
  | 'addDivision'
  | 'addCustomer'
  | 'changeCustomer'
  | 'removeCustomer'
  | 'addOperations'
  | 'changeOperation'
  | 'removeOperation'
  | 'addNoteType'
  | 'addNote'
  | 'removeNotes'
  | 'notesOf'
  | 'breakNotes'
>;

/** Rows of one INSERT: SQL Server takes at most 1,000. */
const ROWS = 500;

/** Tillypad's own tables, written as its users write them. */
export function mssqlTillypad(database: TestDatabase, wall: () => string): Tillypad {
  const run = async (text: string): Promise<void> => {
    await database.run(text);
  };
  const bin = (deleted = false): string | null => (deleted ? nextId() : null);
  const addGroup: Site['addGroup'] = async ({ parent, name, deleted, disabled } = {}) => {
    const id = nextId();
    await run(sql`INSERT INTO dbo.tp_ClientGroups (clgr_ID, clgr_clgr_ID_Parent, clgr_del_ID, clgr_Name, clgr_IsDisabled)
      VALUES (${id}, ${parent ?? null}, ${bin(deleted)}, ${name ?? 'Guests'}, ${disabled ?? false})`);
    return id;
  };
  const addAccountType: Site['addAccountType'] = async ({ name, deleted } = {}) => {
    const id = nextId();
    await run(
      sql`INSERT INTO dbo.tp_ClientPurseTypes (cptp_ID, cptp_Name, cptp_del_ID) VALUES (${id}, ${name ?? 'Deposit'}, ${bin(deleted)})`,
    );
    return id;
  };
  const first: { group?: Promise<string>; type?: Promise<string> } = {};
  const anyGroup = async (): Promise<string> => (first.group ??= addGroup());
  const anyType = async (): Promise<string> => (first.type ??= addAccountType());
  return {
    addGroup,
    closeLoop: async (group, descendant) =>
      run(sql`UPDATE dbo.tp_ClientGroups SET clgr_clgr_ID_Parent = ${descendant} WHERE clgr_ID = ${group}`),
    addAccountType,
    addDivision: async (name) => {
      const id = nextId();
      const authorization = nextId();
      await run(sql`INSERT INTO dbo.tp_Divisions (dvsn_ID, dvsn_Name) VALUES (${id}, ${name});
        INSERT INTO dbo.tp_AuthorizationOperations (atop_ID, atop_dvsn_ID) VALUES (${authorization}, ${id})`);
      return authorization;
    },
    addCustomer: async ({ id = nextId(), name, group, deleted, disabled, phones = [], phonesXml, profilePhone } = {}) => {
      const profile = profilePhone === undefined ? null : nextId();
      if (profile !== null)
        await run(sql`INSERT INTO dbo.tp_People (pepl_ID, pepl_PhoneCell) VALUES (${profile}, ${profilePhone ?? null})`);
      await run(sql`INSERT INTO dbo.tp_Clients (clnt_ID, clnt_clgr_ID, clnt_pepl_ID, clnt_del_ID, clnt_Name, clnt_IsDisabled)
        VALUES (${id}, ${group ?? (await anyGroup())}, ${profile}, ${bin(deleted)}, ${name ?? 'Ivan'}, ${disabled ?? false})`);
      if (phonesXml !== undefined) await run(sql`UPDATE dbo.tp_Clients SET clnt_Phones = ${phonesXml} WHERE clnt_ID = ${id}`);
      for (const phone of phones)
        await run(sql`INSERT INTO dbo.tp_ClientPhones (clph_ID, clph_clnt_ID, clph_Phone) VALUES (${nextId()}, ${id}, ${phone})`);
      return id;
    },
    changeCustomer: async (id, { deleted, disabled, group }) => {
      if (deleted !== undefined) await run(sql`UPDATE dbo.tp_Clients SET clnt_del_ID = ${bin(deleted)} WHERE clnt_ID = ${id}`);
      if (disabled !== undefined) await run(sql`UPDATE dbo.tp_Clients SET clnt_IsDisabled = ${disabled} WHERE clnt_ID = ${id}`);
      if (group !== undefined) await run(sql`UPDATE dbo.tp_Clients SET clnt_clgr_ID = ${group} WHERE clnt_ID = ${id}`);
    },
    removeCustomer: async (id) => run(sql`DELETE FROM dbo.tp_Clients WHERE clnt_ID = ${id}`),
    addOperations: async (operations) => {
      const type = await anyType();
      const ids = operations.map(({ id = nextId() }) => id);
      for (let from = 0; from < operations.length; from += ROWS) {
        const rows = operations.slice(from, from + ROWS).map((one, index) => operationValues(one, ids[from + index] ?? '', type));
        await run(`INSERT INTO dbo.tp_ClientPurseOperations
          (cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Sum, cpop_Name, cpop_Description, cpop_atop_ID, cpop_cpop_ID_Return)
          VALUES ${rows.join(', ')}`);
      }
      return ids;
    },
    changeOperation: async (id, { sum, date, customer, description }) => {
      const where = sql` WHERE cpop_ID = ${id}`;
      const table = 'UPDATE dbo.tp_ClientPurseOperations SET ';
      if (sum !== undefined) await run(table + sql`cpop_Sum = ${moneyLiteral(sum)}` + where);
      if (date !== undefined) await run(table + sql`cpop_Date = ${wallLiteral(date)}` + where);
      if (customer !== undefined) await run(table + sql`cpop_clnt_ID = ${customer}` + where);
      if (description !== undefined) await run(table + sql`cpop_Description = ${description}` + where);
    },
    removeOperation: async (id) => run(sql`DELETE FROM dbo.tp_ClientPurseOperations WHERE cpop_ID = ${id}`),
    addNoteType: async (name, { deleted } = {}) => {
      const id = nextId();
      await run(
        sql`INSERT INTO dbo.tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_del_ID, nttp_Name, nttp_IsUnique) VALUES (${id}, 0, ${bin(deleted)}, ${name}, 1)`,
      );
      return id;
    },
    addNote: async ({ type, customer, value, at = wall() }) => {
      const kind = typeof value === 'number' ? (Number.isInteger(value) && value < 2 ** 31 ? 'int' : 'float') : 'nvarchar(4000)';
      await run(sql`INSERT INTO dbo.tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value)
        SELECT ${nextId()}, ${type}, ${customer}, ${customer}, ${wallLiteral(at)}, CAST(CAST(${value} AS ${raw(kind)}) AS sql_variant)`);
    },
    removeNotes: async (customer) => run(sql`DELETE FROM dbo.tp_Notes WHERE note_obj_ID = ${customer}`),
    notesOf: async (customer) => {
      const rows = await database.run<{ value: string | null }>(sql`SELECT CAST(note_Value AS nvarchar(4000)) AS value FROM dbo.tp_Notes
        WHERE note_obj_ID = ${customer} ORDER BY CASE WHEN note_Date IS NULL THEN 1 ELSE 0 END, note_Date DESC, CAST(note_ID AS char(36)) DESC`);
      return rows.map((row) => row.value);
    },
    breakNotes: async (customer) => run(sql`INSERT INTO dbo.tp_LockedNotes (lock_obj_ID) VALUES (${customer})`),
  };
}

function operationValues(operation: NewOperation, id: string, anyType: string): string {
  const { customer, date, sum = 1_000_000n, accountType = anyType, document, description, division, returnOf } = operation;
  return sql`(${id}, ${customer}, ${accountType}, ${wallLiteral(date)}, ${moneyLiteral(sum)}, ${document ?? null}, ${description ?? null},
    ${division ?? null}, ${returnOf ?? null})`;
}
