/** A small Tillypad database in T-SQL. What a server can't make is skipped, and says why. */
export interface SampleSite {
  /** Of its database too, after the named one's. */
  readonly name: string;
  /** Where phones are. */
  readonly generation: 'child' | 'xml' | 'profile';
  /** Files of this folder, in their order, before ours is installed. */
  readonly parts: readonly string[];
  /** Files of this folder that an administrator would run after it. */
  readonly afterwards?: readonly string[];
  /** Of the database; without it the server's own. */
  readonly collation?: string;
  /** Of the columns of Tillypad's tables; without it the database's own. */
  readonly columnCollation?: string;
  /** What ALTER DATABASE … SET is given; the level is the server's newest without COMPATIBILITY_LEVEL. */
  readonly settings?: readonly string[];
}

const CHILD = ['tables', 'phones-child', 'multilingual', 'logon'];
const XML = ['tables', 'phones-xml', 'multilingual'];
const PROFILE = ['tables'];

/** Three generations of phones; with and without register, function, sign-on, rowversion; levels 100 to 160; collations unlike each other. */
export const SAMPLE_SITES: readonly SampleSite[] = [
  { name: 'child', generation: 'child', parts: CHILD },
  { name: 'xml', generation: 'xml', parts: XML },
  { name: 'profile', generation: 'profile', parts: PROFILE },
  { name: 'register', generation: 'child', parts: [...CHILD, 'balance-register'], afterwards: ['balance-view'] },
  { name: 'rowversion', generation: 'child', parts: [...CHILD, 'rowversion'] },
  { name: 'cyrillic_columns', generation: 'child', parts: CHILD, columnCollation: 'Cyrillic_General_CS_AS' },
  { name: 'turkish_columns', generation: 'xml', parts: XML, columnCollation: 'Turkish_CI_AS' },
  { name: 'binary', generation: 'profile', parts: PROFILE, collation: 'Latin1_General_BIN2', columnCollation: 'Cyrillic_General_CI_AS' },
  {
    name: 'level_100',
    generation: 'profile',
    parts: PROFILE,
    collation: 'Cyrillic_General_CI_AS',
    settings: ['COMPATIBILITY_LEVEL = 100'],
  },
  {
    name: 'level_110',
    generation: 'xml',
    parts: XML,
    collation: 'SQL_Latin1_General_CP1251_CI_AS',
    settings: ['COMPATIBILITY_LEVEL = 110'],
  },
  { name: 'level_120', generation: 'child', parts: CHILD, collation: 'Turkish_CS_AS', settings: ['COMPATIBILITY_LEVEL = 120'] },
  {
    name: 'level_130',
    generation: 'child',
    parts: [...CHILD, 'rowversion'],
    collation: 'Cyrillic_General_CS_AS',
    settings: ['COMPATIBILITY_LEVEL = 130', 'READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE'],
  },
  {
    name: 'level_140',
    generation: 'xml',
    parts: XML,
    collation: 'Latin1_General_CS_AS',
    columnCollation: 'Cyrillic_General_CI_AS',
    settings: ['COMPATIBILITY_LEVEL = 140', 'DELAYED_DURABILITY = FORCED'],
  },
  { name: 'level_150', generation: 'profile', parts: PROFILE, collation: 'Cyrillic_General_BIN', settings: ['COMPATIBILITY_LEVEL = 150'] },
  {
    name: 'level_160',
    generation: 'child',
    parts: [...CHILD, 'balance-register', 'rowversion'],
    afterwards: ['balance-view'],
    collation: 'Latin1_General_100_CI_AS_SC_UTF8',
    settings: ['COMPATIBILITY_LEVEL = 160'],
  },
];
