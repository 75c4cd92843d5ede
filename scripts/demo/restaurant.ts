import { writeFileSync } from 'node:fs';

import type { Language, WallTime } from '../../src/core/glossary.ts';
import { addWall, wallAt } from '../../src/core/wall-time.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import { SIMULATED_BOT } from '../../src/simulators/telegram/simulator.ts';
import type { SampleSite } from '../sample/site.ts';

export const ZONE = 'Europe/Moscow';
/** A Tuesday evening: 24 November 2026, 18:00 in Moscow. */
export const START = Date.UTC(2026, 10, 24, 15);
export const SAMPLE = { customers: 60, operations: 600, days: 30, seed: 42 } as const;

const DAY_MS = 86_400_000;
/** What the first run begins from: three days before, at midnight. */
export const START_DATE: WallTime = `${addWall(wallAt(START, ZONE), -3 * DAY_MS).slice(0, 10)} 00:00:00.000`;
/** 300 unless an administrator says otherwise: here so low that it can be seen at work. */
export const BRAKE = 1;

const NAME: Readonly<Record<Language, string>> = { ru: 'Пряник и Соль', en: 'Gingerbread & Salt' };
const POINTS = {
  ru: '{count, plural, one {балл} few {балла} many {баллов} other {балла}}',
  en: '{count, plural, one {point} other {points}}',
};

/** What the administrator decides of invitations. */
export interface SmsWish {
  readonly apiRoot: string;
  readonly dayCap: number;
}

/** Segments of a day, for three SMS: so few that the cap can be seen at work. Cyrillic takes two a text, Latin one. */
export const DAY_CAP: Readonly<Record<Language, number>> = { ru: 6, en: 3 };

function smsSection({ apiRoot, dayCap }: SmsWish, site: SampleSite): object {
  return {
    operator: 'smsru',
    apiKey: SIMULATED_KEY,
    sender: SIMULATED_SENDER,
    apiRoot,
    caps: { day: dayCap },
    consent: { group: site.groups.guests },
  };
}

/** Writes the settings file as an administrator would (JSON is valid YAML); only the owner may read it, as the token stands in it. */
export function writeSettings(
  path: string,
  place: { readonly apiRoot: string; readonly site: SampleSite; readonly language: Language; readonly sms?: SmsWish },
): void {
  const { apiRoot, site, language, sms } = place;
  const settings = {
    database: 'site.sqlite',
    language,
    zone: ZONE,
    restaurant: { name: NAME[language], contact: '+7 495 000-00-00' },
    guests: { language },
    filters: {
      startDate: START_DATE.slice(0, 10),
      accountTypes: [site.accountTypes.deposit, site.accountTypes.bonuses],
      customerGroups: [site.groups.guests],
    },
    telegram: { token: SIMULATED_BOT.token, apiRoot },
    notice: { units: [{ accountType: site.accountTypes.bonuses, text: POINTS }] },
    run: { brake: BRAKE },
    ...(sms === undefined ? {} : { sms: smsSection(sms, site) }),
  };
  writeFileSync(path, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
}
