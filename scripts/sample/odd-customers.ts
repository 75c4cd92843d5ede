import { type CustomerRows, makePerson, writeCustomer } from './customers.ts';
import type { Directories, GroupName } from './directories.ts';
import { ENGLISH, GERMAN, pack, RUSSIAN } from './packed.ts';
import { makePhonesOf, NO_PHONES, type Phones, toXml } from './phones.ts';
import type { Random } from './random.ts';
import type { Tables } from './tables.ts';

/** A customer that a live database holds and a plain sample would not. */
interface OddCustomer {
  readonly what: string;
  readonly name?: string;
  readonly group?: GroupName;
  readonly deleted?: true;
  readonly disabled?: true;
  readonly phones?: Partial<Phones>;
  readonly profile?: 'none' | 'deleted';
}

const ODD_CUSTOMERS = [
  { what: 'carries odd operations' },
  { what: 'carries huge sums' },
  { what: 'deleted', deleted: true },
  { what: 'disabled', disabled: true },
  { what: 'deleted and disabled, in a deleted group', deleted: true, disabled: true, group: 'deleted' },
  { what: 'in a deleted group', group: 'deleted' },
  { what: 'in a group under a deleted one', group: 'underDeleted' },
  { what: 'in a disabled group', group: 'disabled' },
  { what: 'in a group under a disabled one', group: 'underDisabled' },
  { what: 'in a loop of groups', group: 'loopOne' },
  { what: 'in a group that is its own parent', group: 'ownParent' },
  { what: 'in a group whose parent is gone', group: 'orphan' },
  { what: 'in a group with a packed name', group: 'friends' },
  { what: 'without a profile', profile: 'none' },
  { what: 'with a profile in the recycle bin', profile: 'deleted', phones: { cell: '+7 945 000 00 11' } },
  { what: 'name of 4,000 characters', name: 'Константинопольский '.repeat(200) },
  {
    what: 'packed name',
    name: pack([
      [RUSSIAN, 'Мюллер Ганс'],
      [ENGLISH, 'Hans Mueller'],
      [GERMAN, 'Hans Müller'],
    ]),
  },
  {
    what: 'packed name, Russian empty',
    name: pack([
      [RUSSIAN, ''],
      [ENGLISH, 'John Smith'],
    ]),
  },
  { what: 'packed name without Russian', name: pack([[GERMAN, 'Jürgen Groß']]) },
  { what: 'packed name cut short', name: pack([[RUSSIAN, 'Обрезанное имя гостя']]).slice(0, 12) },
  { what: 'empty name', name: '' },
  { what: 'name of spaces', name: '   ' },
  { what: 'name with marks of HTML', name: 'ООО «Рога & <b>Копыта</b>» &amp; Ко' },
  { what: 'name with emoji', name: 'Лена 🦄👩‍🍳🇷🇺' },
  { what: 'name with line breaks', name: 'Пётр\r\nСидоров\t(карта 17)' },
  { what: 'name with marks of a template', name: "{name} О'Нил '{'#'}'" },
  { what: 'name with marks of direction', name: '\u202Eвалидол\u202C\u200B Иван' },
  { what: 'no phone', phones: {} },
  { what: 'words instead of a phone', phones: { rows: ['не оставил'], cell: 'нет' } },
  { what: 'empty phones', phones: { rows: ['', '  '], xml: '<Phones />', cell: '' } },
  { what: 'two numbers in one field', phones: { rows: ['+7 945 000-00-21, 8 945 000 00 22'] } },
  { what: 'two numbers after one another', phones: { cell: '89450000023 89450000024' } },
  { what: 'number with an extension', phones: { rows: ['8 (945) 000-00-25 доб. 12'] } },
  { what: 'number with letters', phones: { rows: ['+7 945 ООО-ОО-26 (муж)'] } },
  { what: 'number too short', phones: { rows: ['945-00-2'] } },
  { what: 'number too long', phones: { cell: '+7 945 000 00 27 28' } },
  { what: 'a line at home', phones: { rows: ['8 (499) 000-00-29'] } },
  { what: 'a number from abroad', phones: { rows: ['+44 7700 900123'] } },
  { what: 'number in full-width digits', phones: { cell: '８９４５０００００３０' } },
  { what: 'generations disagree', phones: { rows: ['+79450000031'], xml: toXml(['+79450000032']), cell: '+79450000033' } },
  { what: 'the newest phone is bad, older ones are good', phones: { rows: ['123'], xml: toXml(['+79450000034']), cell: '+79450000035' } },
  { what: 'broken xml of phones', phones: { xml: '<Phones><Phone>+79450000036</Phone' } },
  { what: 'xml of phones with several', phones: { xml: toXml(['нет', '+7 945 000-00-37', '89450000038']) } },
  { what: 'a phone shared with another', phones: { rows: ['+79450000039'] } },
  { what: 'a phone shared with another (the other)', phones: { rows: ['8 945 000-00-39'] } },
  { what: 'customer without operations' },
] as const satisfies readonly OddCustomer[];

export type OddWhat = (typeof ODD_CUSTOMERS)[number]['what'];

export interface OddRow {
  readonly what: string;
  readonly id: string;
}

/** How many customers the odd ones are. */
export const ODD_CUSTOMER_COUNT = ODD_CUSTOMERS.length;

export function fillOddCustomers(
  tables: Tables,
  random: Random,
  directories: Directories,
): readonly (OddRow & { readonly what: OddWhat; readonly name: string })[] {
  return ODD_CUSTOMERS.map((odd: OddCustomer & { readonly what: OddWhat }) => {
    const rows = makeRows(odd, random, directories);
    writeCustomer(tables, random, rows);
    return { what: odd.what, id: rows.id, name: rows.name };
  });
}

function makeRows(odd: OddCustomer, random: Random, directories: Directories): CustomerRows {
  const person = makePerson(random);
  return {
    id: random.guid(),
    name: odd.name ?? `${person.surname} ${person.first}`,
    groupId: directories.groups[odd.group ?? 'silver'],
    deleted: odd.deleted ?? false,
    disabled: odd.disabled ?? false,
    phones: odd.phones === undefined ? makePhonesOf('rows', random) : { ...NO_PHONES, ...odd.phones },
    profile: odd.profile === 'none' ? null : { ...person, deleted: odd.profile === 'deleted' },
  };
}
