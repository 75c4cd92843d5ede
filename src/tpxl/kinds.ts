import type { ColumnType } from './values.ts';

/** What is known of a type of object, by its id (`tpsyso_ID`). */
export interface ObjectKind {
  readonly type: string;
  readonly kind: string;
  readonly mainTable: string;
  /** The main table's column prefix: `tstp` has `tstp_ID`, `tstp_Name`. */
  readonly prefix: string;
  /** Rows that belong to the object, and their column that names it. */
  readonly details: Readonly<Record<string, string>>;
  /** Where in the main table the display name stands. */
  readonly nameColumn: string;
  /** Whether name and detail rows were seen to say the same as the directory; else that is only likely. */
  readonly isSure: boolean;
}

function kind(
  type: string,
  of: {
    readonly kind: string;
    readonly table: string;
    readonly prefix: string;
    readonly details?: Readonly<Record<string, string>>;
    readonly isSure?: boolean;
  },
): ObjectKind {
  return {
    type,
    kind: of.kind,
    mainTable: of.table,
    prefix: of.prefix,
    details: of.details ?? {},
    nameColumn: `${of.prefix}_Name`,
    isSure: of.isSure ?? false,
  };
}

export const TASK_TYPE = kind('7309e48c-051e-49e5-b3bb-9b7bfbabb3d1', {
  kind: 'task_type',
  table: 'tp_TaskTypes',
  prefix: 'tstp',
  isSure: true,
});
export const NOTE_TYPE = kind('90f94cb6-fdaa-4699-a758-d074e2dc4fb8', {
  kind: 'note_type',
  table: 'tp_NoteTypes',
  prefix: 'nttp',
  details: { tp_NoteTypeObjects: 'nttpo_nttp_ID' },
  isSure: true,
});

const KINDS: readonly ObjectKind[] = [
  TASK_TYPE,
  NOTE_TYPE,
  kind('923e1d3c-4392-2e49-b84d-c8e72e160ac5', {
    kind: 'package',
    table: 'tp_Packages',
    prefix: 'pack',
    details: { tp_PackageObjects: 'packo_pack_ID' },
  }),
  kind('b59397bb-da03-4bc3-a885-dd9202cb8e00', { kind: 'identifier_type', table: 'tp_IdentifierTypes', prefix: 'idtp' }),
  kind('c84dc782-7c58-ee4b-8b14-43c042dc14da', {
    kind: 'module_print_format',
    table: 'tp_ModulePrintFormats',
    prefix: 'mdpf',
    details: { tp_PrintFormats: 'prfm_obj_ID' },
  }),
  kind('6d5bbac4-3dc8-45ed-8eed-587d6e7fa1b5', {
    kind: 'report',
    table: 'tp_Reports',
    prefix: 'rprt',
    details: { tp_PrintFormats: 'prfm_obj_ID' },
  }),
  kind('8d4aa9b0-354f-43ea-b5e5-f8152e04282c', { kind: 'report_group', table: 'tp_ReportGroups', prefix: 'rpgr' }),
];

export function kindOf(type: string): ObjectKind | null {
  return KINDS.find((known) => known.type === type) ?? null;
}

export interface LayoutColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly offset: number;
}

const column = (
  name: string,
  type: ColumnType,
  { offset, nullable }: { readonly offset: number; readonly nullable: boolean },
): LayoutColumn => ({
  name,
  type,
  nullable,
  offset,
});
const must = (name: string, type: ColumnType, offset: number): LayoutColumn => column(name, type, { offset, nullable: false });
const may = (name: string, type: ColumnType, offset: number): LayoutColumn => column(name, type, { offset, nullable: true });

/** Since 2021 `tstp_del_ID` is left out, and its place of 17 bytes stays. */
export const TASK_TYPE_COLUMNS: readonly LayoutColumn[] = [
  must('tstp_ID', 'guid', 0),
  must('tstp_Name', 'text', 34),
  may('tstp_Description', 'text', 43),
  may('tstp_SQL', 'text', 52),
  may('tstp_Wizard', 'text', 61),
  may('tstp_Events', 'text', 70),
  may('tstp_Documentation', 'text', 79),
];

/** The only form of a note type that was seen: `nttp_del_ID` is there and NULL. */
export const NOTE_TYPE_COLUMNS: readonly LayoutColumn[] = [
  must('nttp_ID', 'guid', 0),
  must('nttp_vdt_ID', 'integer', 17),
  may('nttp_del_ID', 'guid', 22),
  must('nttp_Name', 'text', 39),
  may('nttp_Description', 'text', 48),
  may('nttp_ValueType', 'text', 57),
  may('nttp_Caption', 'text', 66),
  may('nttp_PageCaption', 'text', 75),
  may('nttp_Order', 'integer', 84),
  must('nttp_IsUnique', 'bool', 89),
  must('nttp_IsRequired', 'bool', 91),
  must('nttp_IsDisabled', 'bool', 93),
];

/** The root's own type, the same in every file. */
export const FILE_TYPE_ID = '480693e3-16e0-4c97-9625-a88aec9bd406';
export const FILE_TYPE_NAME = 'Tillypad object data file';
