/** What a form of the client gives to the script. */
export interface Form {
  /** Its parameters' own names. */
  readonly parameters: readonly string[];
  /** Rows with a key column, or one value. */
  readonly kind: 'rows' | 'value';
  readonly keyColumn: string | null;
  /** Seen in real task types, or only formed by the rule that they follow. */
  readonly seen: boolean;
}

const rows = (parameter: string, keyColumn: string): Form => ({ parameters: [parameter], kind: 'rows', keyColumn, seen: true });
const value = (...parameters: readonly string[]): Form => ({ parameters, kind: 'value', keyColumn: null, seen: true });

const FORMS: Readonly<Record<string, Form>> = {
  TfmDevices: rows('Devices', 'dev_ID'),
  TfmUsers: rows('Users', 'usr_ID'),
  TfmDivisions: rows('Divisions', 'dvsn_ID'),
  TfmMenuServices: rows('MenuServices', 'msrv_ID'),
  TfmNoteTypes: rows('NoteTypes', 'nttp_ID'),
  TfmMenuVolumeTypes: rows('MenuVolumeTypes', 'mvtp_ID'),
  TfmSelectMenuGroups: rows('MenuGroups', 'mgrp_ID'),
  TfmStores: rows('Stores', 'stor_ID'),
  TfmSelectMoveDocumentsFromOutputStores: rows('MoveDocuments', 'mdoc_ID'),
  TfmWizardSelectWideString: value('Value'),
  TfmWizardSelectSingleDate: value('Date'),
  TfmWizardSelectDates: value('DateBegin', 'DateEnd'),
};

/** By its class; a directory's form `Tfm<Table>` or `TfmSelect<Table>` gives `<Table>`. Null for a class that says nothing. */
export function formOf(formClass: string): Form | null {
  const known = Object.hasOwn(FORMS, formClass) ? FORMS[formClass] : undefined;
  if (known !== undefined) return known;
  const table = /^Tfm(?:Select)?([A-Z][A-Za-z]*)$/.exec(formClass)?.[1];
  return table === undefined || table.startsWith('Wizard') ? null : { parameters: [table], kind: 'rows', keyColumn: null, seen: false };
}
