import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Site } from '../contract/engine.ts';
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

/** Tillypad's own tables, written as its users write them. */
export function tillypad(database: DatabaseSync, wall: () => string): Tillypad {
  const run = (sql: string, ...values: SQLInputValue[]): void => {
    database.prepare(sql).run(...values);
  };
  const bin = (deleted = false): string | null => (deleted ? nextId() : null);
  const addGroup: Site['addGroup'] = async ({ parent, name, deleted, disabled } = {}) => {
    const id = nextId();
    const columns = 'clgr_ID, clgr_clgr_ID_Parent, clgr_del_ID, clgr_Name, clgr_IsDisabled';
    run(
      `insert into tp_ClientGroups (${columns}) values (?, ?, ?, ?, ?)`,
      id,
      parent ?? null,
      bin(deleted),
      name ?? 'Guests',
      Number(disabled ?? false),
    );
    return id;
  };
  const addAccountType: Site['addAccountType'] = async ({ name, deleted } = {}) => {
    const id = nextId();
    run('insert into tp_ClientPurseTypes (cptp_ID, cptp_Name, cptp_del_ID) values (?, ?, ?)', id, name ?? 'Deposit', bin(deleted));
    return id;
  };
  const first: { group?: string; type?: string } = {};
  const anyGroup = async (): Promise<string> => (first.group ??= await addGroup());
  const anyType = async (): Promise<string> => (first.type ??= await addAccountType());
  return {
    addGroup,
    closeLoop: async (group, descendant) => run('update tp_ClientGroups set clgr_clgr_ID_Parent = ? where clgr_ID = ?', descendant, group),
    addAccountType,
    addDivision: async (name) => {
      const id = nextId();
      const authorization = nextId();
      run('insert into tp_Divisions (dvsn_ID, dvsn_Name) values (?, ?)', id, name);
      run('insert into tp_AuthorizationOperations (atop_ID, atop_dvsn_ID) values (?, ?)', authorization, id);
      return authorization;
    },
    addCustomer: async ({ id = nextId(), name, group, deleted, disabled, phones = [], phonesXml, profilePhone } = {}) => {
      const columns = 'clnt_ID, clnt_clgr_ID, clnt_pepl_ID, clnt_del_ID, clnt_Name, clnt_IsDisabled, clnt_Phones';
      const profile = profilePhone === undefined ? null : nextId();
      if (profile !== null) run('insert into tp_People (pepl_ID, pepl_PhoneCell) values (?, ?)', profile, profilePhone ?? null);
      run(
        `insert into tp_Clients (${columns}) values (?, ?, ?, ?, ?, ?, ?)`,
        id,
        group ?? (await anyGroup()),
        profile,
        bin(deleted),
        name ?? 'Ivan',
        Number(disabled ?? false),
        phonesXml ?? null,
      );
      for (const phone of phones)
        run('insert into tp_ClientPhones (clph_ID, clph_clnt_ID, clph_Phone) values (?, ?, ?)', nextId(), id, phone);
      return id;
    },
    changeCustomer: async (id, { deleted, disabled, group }) => {
      if (deleted !== undefined) run('update tp_Clients set clnt_del_ID = ? where clnt_ID = ?', bin(deleted), id);
      if (disabled !== undefined) run('update tp_Clients set clnt_IsDisabled = ? where clnt_ID = ?', Number(disabled), id);
      if (group !== undefined) run('update tp_Clients set clnt_clgr_ID = ? where clnt_ID = ?', group, id);
    },
    removeCustomer: async (id) => run('delete from tp_Clients where clnt_ID = ?', id),
    addOperations: async (operations) => {
      const type = await anyType();
      const columns =
        'cpop_ID, cpop_clnt_ID, cpop_cptp_ID, cpop_Date, cpop_Sum, cpop_Name, cpop_Description, cpop_atop_ID, cpop_cpop_ID_Return';
      const insert = database.prepare(`insert into tp_ClientPurseOperations (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
      database.exec('begin immediate');
      const ids = operations.map(({ id = nextId(), customer, date, sum = 1_000_000n, accountType = type, ...rest }) => {
        const { document = null, description = null, division = null, returnOf = null } = rest;
        insert.run(id, customer, accountType, date, sum, document, description, division, returnOf);
        return id;
      });
      database.exec('commit');
      return ids;
    },
    changeOperation: async (id, { sum, date, customer, description }) => {
      const set = (column: string, value: SQLInputValue | undefined): void => {
        if (value !== undefined) run(`update tp_ClientPurseOperations set ${column} = ? where cpop_ID = ?`, value, id);
      };
      set('cpop_Sum', sum);
      set('cpop_Date', date);
      set('cpop_clnt_ID', customer);
      set('cpop_Description', description);
    },
    removeOperation: async (id) => run('delete from tp_ClientPurseOperations where cpop_ID = ?', id),
    addNoteType: async (name, { deleted } = {}) => {
      const id = nextId();
      run(
        'insert into tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_del_ID, nttp_Name, nttp_IsUnique) values (?, 0, ?, ?, 1)',
        id,
        bin(deleted),
        name,
      );
      return id;
    },
    addNote: async ({ type, customer, value, at = wall() }) => {
      const columns = 'note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value';
      run(`insert into tp_Notes (${columns}) values (?, ?, ?, ?, ?, ?)`, nextId(), type, customer, customer, at, value);
    },
    removeNotes: async (customer) => run('delete from tp_Notes where note_obj_ID = ?', customer),
    notesOf: async (customer) =>
      database
        .prepare('select note_Value as value from tp_Notes where note_obj_ID = ? order by note_Date desc, note_ID desc')
        .all(customer)
        .map((row) => row['value'] as string | number | null),
    breakNotes: async (customer) => {
      const guard = (when: string, name: string): string =>
        `create trigger ${name} before ${when} on tp_Notes when new.note_obj_ID = '${customer}' begin select raise(abort, 'this note is locked'); end;`;
      database.exec(guard('insert', 'no_new_note') + guard('update', 'no_changed_note'));
    },
  };
}
