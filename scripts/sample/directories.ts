import { ENGLISH, pack, RUSSIAN } from './packed.ts';
import type { Random } from './random.ts';
import type { Tables } from './tables.ts';
import { DIVISIONS } from './words.ts';

const GROUPS = {
  guests: { name: 'Гости', parent: null },
  regular: { name: 'Постоянные гости', parent: 'guests' },
  silver: { name: 'Серебряные', parent: 'regular' },
  gold: { name: 'Золотые', parent: 'regular' },
  platinum: { name: 'Платиновые', parent: 'gold' },
  corporate: { name: 'Корпоративные', parent: 'guests' },
  office: { name: 'Бизнес-центр «Маяк»', parent: 'corporate' },
  friends: {
    name: pack([
      [RUSSIAN, 'Друзья дома'],
      [ENGLISH, 'Friends of the house'],
    ]),
    parent: 'guests',
  },
  staff: { name: 'Сотрудники', parent: null },
  hall: { name: 'Зал', parent: 'staff' },
  kitchen: { name: 'Кухня', parent: 'staff' },
  disabled: { name: 'Закрытый клуб', parent: null, disabled: true },
  underDisabled: { name: 'Старые карты', parent: 'disabled' },
  deleted: { name: 'Пробная программа', parent: null, deleted: true },
  underDeleted: { name: 'Пробная программа, осень', parent: 'deleted' },
  loopOne: { name: 'Петля: первая', parent: 'loopTwo' },
  loopTwo: { name: 'Петля: вторая', parent: 'loopOne' },
  ownParent: { name: 'Сама себе родитель', parent: 'ownParent' },
  orphan: { name: 'Родителя нет', parent: 'nowhere' },
} as const;

export type GroupName = keyof typeof GROUPS;

const ACCOUNT_TYPES = {
  deposit: { name: 'Депозит', description: 'Рубли на счёте гостя', deleted: false },
  bonuses: { name: 'Бонусы', description: 'Баллы: один балл равен рублю', deleted: false },
  staffCredit: { name: 'Кредит сотрудника', description: 'Питание в счёт зарплаты', deleted: false },
  retired: { name: 'Подарочный сертификат (старый)', description: null, deleted: true },
} as const;

export type AccountTypeName = keyof typeof ACCOUNT_TYPES;

/** Tillypad's directories by their roles in the sample: ids of rows. */
export interface Directories {
  readonly groups: Readonly<Record<GroupName, string>>;
  readonly accountTypes: Readonly<Record<AccountTypeName, string>>;
  /** Live ones first; the last one is in the recycle bin. */
  readonly divisions: readonly [string, ...string[]];
  readonly staff: readonly [string, ...string[]];
}

export function fillDirectories(tables: Tables, random: Random): Directories {
  const accountTypes = makeIds(ACCOUNT_TYPES, random);
  for (const [name, type] of entriesOf(ACCOUNT_TYPES)) {
    tables.tp_ClientPurseTypes.add([accountTypes[name], type.name, type.description, type.deleted ? random.guid() : null]);
  }
  return {
    groups: fillGroups(tables, random),
    accountTypes,
    divisions: fillDivisions(tables, random),
    staff: [random.guid(), random.guid(), random.guid(), random.guid(), random.guid()],
  };
}

function fillGroups(tables: Tables, random: Random): Directories['groups'] {
  const ids = makeIds(GROUPS, random);
  for (const [name, group] of entriesOf(GROUPS)) {
    const parent = group.parent === null ? null : group.parent === 'nowhere' ? random.guid() : ids[group.parent];
    const deleted = 'deleted' in group ? random.guid() : null;
    tables.tp_ClientGroups.add([ids[name], parent, deleted, group.name, null, 'disabled' in group ? 1 : 0]);
  }
  return ids;
}

function fillDivisions(tables: Tables, random: Random): Directories['divisions'] {
  const ids = DIVISIONS.map((name) => {
    const id = random.guid();
    tables.tp_Divisions.add([id, null, name]);
    return id;
  });
  const closed = random.guid();
  tables.tp_Divisions.add([closed, random.guid(), 'Пряник и Соль на Арбате (закрыт)']);
  return [...ids, closed] as unknown as Directories['divisions'];
}

function entriesOf<Name extends string, Row>(rows: Readonly<Record<Name, Row>>): readonly (readonly [Name, Row])[] {
  return Object.entries(rows) as [Name, Row][];
}

function makeIds<Name extends string>(rows: Readonly<Record<Name, unknown>>, random: Random): Readonly<Record<Name, string>> {
  return Object.fromEntries(Object.keys(rows).map((name) => [name, random.guid()])) as Record<Name, string>;
}
