import type { DatabaseSync } from 'node:sqlite';

import type { Language } from '../../src/core/glossary.ts';
import type { TelegramSimulator } from '../../src/simulators/telegram/contract.ts';
import type { Person } from '../../src/simulators/telegram/people.ts';
import { ENGLISH, pack, RUSSIAN } from '../sample/packed.ts';
import type { SampleSite } from '../sample/site.ts';

/** Who plays: first name, and the whole name as staff wrote it. */
const CAST = {
  anna: { ru: ['Анна', 'Смирнова Анна'], en: ['Anna', 'Anna Smirnova'] },
  boris: { ru: ['Борис', 'Кузнецов Борис'], en: ['Boris', 'Boris Kuznetsov'] },
  vera: { ru: ['Вера', 'Соколова Вера'], en: ['Vera', 'Vera Sokolova'] },
  gleb: { ru: ['Глеб', 'Орлов Глеб'], en: ['Gleb', 'Gleb Orlov'] },
  daria: { ru: ['Дарья', 'Лебедева Дарья'], en: ['Daria', 'Daria Lebedeva'] },
} as const;

/** Guests with a phone and no subscription: those whom SMS invite. */
const INVITED = {
  zoya: { ru: ['Зоя', 'Морозова Зоя'], en: ['Zoya', 'Zoya Morozova'], phone: '8 (916) 000-00-01' },
  ilya: { ru: ['Илья', 'Волков Илья'], en: ['Ilya', 'Ilya Volkov'], phone: '8 495 000-00-00; +7 916 000-00-02 жена' },
  kira: { ru: ['Кира', 'Зайцева Кира'], en: ['Kira', 'Kira Zaitseva'], phone: '79160000003' },
  lev: { ru: ['Лев', 'Павлов Лев'], en: ['Lev', 'Lev Pavlov'], phone: '916 000 00 04' },
} as const;

export type Role = keyof typeof CAST;
export type InvitedRole = keyof typeof INVITED;
export type InvitedGuests = Readonly<Record<InvitedRole, Guest>>;

/** A customer of the restaurant and the person behind. */
export interface Guest {
  readonly name: string;
  readonly customerId: string;
  readonly person: Person;
}

export type Guests = Readonly<Record<Role, Guest>>;

/** Gives the sample's regulars their parts, and everything that the play shows an English name beside the Russian one. */
export function castGuests(
  stage: { readonly database: DatabaseSync; readonly telegram: TelegramSimulator; readonly site: SampleSite },
  language: Language,
): Guests {
  const { database, telegram, site } = stage;
  translateDirectories(database, site);
  const rename = database.prepare('update tp_Clients set clnt_Name = ? where clnt_ID = ?');
  const guests = (Object.keys(CAST) as Role[]).map((role, index) => {
    const { ru, en } = CAST[role];
    const customerId = site.regulars[index]?.id;
    if (customerId === undefined) throw new Error('the sample has too few regulars');
    rename.run(packed(ru[1], en[1]), customerId);
    const name = CAST[role][language][0];
    return [role, { name, customerId, person: telegram.person({ name }) }] as const;
  });
  return Object.fromEntries(guests) as Record<Role, Guest>;
}

/** New customers, with a phone each as staff writes it. */
export function castInvited(
  stage: { readonly database: DatabaseSync; readonly telegram: TelegramSimulator; readonly site: SampleSite },
  language: Language,
): InvitedGuests {
  const { database, telegram, site } = stage;
  const add = database.prepare('insert into tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name, clnt_Phones) values (?, ?, ?, ?)');
  const guests = (Object.keys(INVITED) as InvitedRole[]).map((role, index) => {
    const { ru, en, phone } = INVITED[role];
    const customerId = `5a5a5a5a-0000-4000-8000-00000000000${index}`;
    add.run(customerId, site.groups.guests, packed(ru[1], en[1]), `<Phones><Phone>${phone}</Phone></Phones>`);
    const name = INVITED[role][language][0];
    return [role, { name, customerId, person: telegram.person({ name }) }] as const;
  });
  return Object.fromEntries(guests) as Record<InvitedRole, Guest>;
}

/** Somebody who is no customer at all. */
export function castStranger(telegram: TelegramSimulator, language: Language): Person {
  return telegram.person({ name: { ru: 'Егор', en: 'Egor' }[language] });
}

const DIVISIONS = ['Gingerbread & Salt on Myasnitskaya', 'Gingerbread & Salt by the Park', 'Gingerbread & Salt, delivery'];

/** Tillypad packs the languages of a name into one text; the program shows each reader theirs. */
function translateDirectories(database: DatabaseSync, { accountTypes, divisions, groups }: SampleSite): void {
  const name = (table: string, prefix: string): ((id: string | undefined, english: string) => void) => {
    const read = database.prepare(`select ${prefix}_Name as name from ${table} where ${prefix}_ID = ?`);
    const write = database.prepare(`update ${table} set ${prefix}_Name = ? where ${prefix}_ID = ?`);
    return (id, english) => {
      const row = read.get(id ?? '');
      if (row === undefined) throw new Error(`no row in ${table} for «${english}»`);
      write.run(packed(String(row['name']), english), id ?? '');
    };
  };
  const nameType = name('tp_ClientPurseTypes', 'cptp');
  nameType(accountTypes.deposit, 'Deposit');
  nameType(accountTypes.bonuses, 'Bonuses');
  const nameDivision = name('tp_Divisions', 'dvsn');
  for (const [index, english] of DIVISIONS.entries()) nameDivision(divisions[index], english);
  name('tp_ClientGroups', 'clgr')(groups.silver, 'Silver');
}

function packed(russian: string, english: string): string {
  return pack([
    [RUSSIAN, russian],
    [ENGLISH, english],
  ]);
}
