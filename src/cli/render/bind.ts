import type { LedgerPlace } from '../../core/standing.ts';
import { sayFinding } from './desk-findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import type { Viewer } from './when.ts';

export interface BindPlan {
  readonly restored: 'mark' | 'leave' | null;
  /** Null where the engine doesn't tell it. */
  readonly place: LedgerPlace | null;
  /** Fingerprint of the key that the ledger would take; null = it keeps its own. */
  readonly newKey: string | null;
}

export interface Bound {
  readonly restored: 'mark' | 'leave' | null;
  readonly place: string;
  readonly marked: number;
  readonly newKey: string | null;
}

export const BIND_TEXTS = {
  belongs: { en: 'The ledger belongs to {boundTo}; this is {here}.', ru: 'Журнал принадлежит {boundTo}; здесь – {here}.' },
  belongsHere: { en: 'The ledger belongs to this place already: {here}.', ru: 'Журнал уже принадлежит этому месту: {here}.' },
  copy: {
    en: '`bind` makes it belong to this place, and runs here will send. Give this site a bot of its own first: one bot in two places loses subscriptions and tells guests twice.',
    ru: '`bind` привяжет его к этому месту, и запуски отсюда начнут отправлять. Сначала заведите здесь своего бота: один бот в двух местах теряет подписки и рассказывает гостям дважды.',
  },
  newKey: {
    en: 'The link key of this host becomes the ledger’s; links made with the former key stop working here.',
    ru: 'Ключ ссылок этой машины станет ключом журнала; ссылки с прежним ключом здесь перестанут действовать.',
  },
  restored: {
    en: 'The database was set back in time. Notices of the lost stretch may have reached their guests, though the ledger no longer knows of them.',
    ru: 'База возвращена в прошлое. Уведомления из утраченного отрезка могли дойти до гостей, хотя журнал о них больше не знает.',
  },
  mark: {
    en: '`mark`: operations dated since the newest run that the database knows, and notices that waited then, are marked as seen; nobody is told of them.',
    ru: '`mark`: операции с самого нового запуска, о котором база знает, и уведомления, которые тогда ждали, отмечаются известными; о них никому не рассказывается.',
  },
  leave: {
    en: '`leave`: they are told by the next run, some of them for the second time; those that waited then are marked as a possible repeat.',
    ru: '`leave`: о них расскажет следующий запуск, о некоторых во второй раз; ждавшие тогда получат пометку «возможно, повтор».',
  },
  boundNow: { en: 'The ledger belongs to this place now: {place}.', ru: 'Теперь журнал принадлежит этому месту: {place}.' },
  marked: {
    en: '{n, plural, =0 {No operation had to be marked as seen.} one {# operation is marked as seen.} other {# operations are marked as seen.}}',
    ru: '{n, plural, =0 {Отмечать известными было нечего.} one {Отмечена известной # операция.} few {Отмечены известными # операции.} many {Отмечено # операций как известные.} other {Отмечены известными # операции.}}',
  },
  accepted: {
    en: 'The past is accepted as it is; the next run goes on. Further hosts that ran this program need `tp-tg-notify bind --restored leave` too. Guests who subscribed in the lost stretch must open their link again.',
    ru: 'Прошлое принято как есть; следующий запуск продолжит. На других машинах, где запускалась программа, тоже выполните `tp-tg-notify bind --restored leave`. Гостям, подписавшимся в утраченном отрезке, нужно снова открыть ссылку.',
  },
} satisfies Record<string, Sentence>;

export function renderBindPlan({ restored, place, newKey }: BindPlan, viewer: Viewer): string {
  const { language } = viewer;
  const where =
    place === null
      ? []
      : [
          say(place.boundTo === place.here ? BIND_TEXTS.belongsHere : BIND_TEXTS.belongs, language, {
            boundTo: place.boundTo,
            here: place.here,
          }),
        ];
  const what =
    restored === null ? [BIND_TEXTS.copy, ...(newKey === null ? [] : [BIND_TEXTS.newKey])] : [BIND_TEXTS.restored, BIND_TEXTS[restored]];
  return [...where, ...what.map((sentence) => say(sentence, language)), sayFinding({ code: 'bind_unconfirmed', args: {} }, viewer)].join(
    '\n',
  );
}

export function renderBound({ restored, place, marked, newKey }: Bound, { language }: Viewer): string {
  return [
    say(BIND_TEXTS.boundNow, language, { place }),
    ...(newKey === null ? [] : [say(BIND_TEXTS.newKey, language)]),
    ...(restored === 'mark' ? [say(BIND_TEXTS.marked, language, { n: marked })] : []),
    ...(restored === null ? [] : [say(BIND_TEXTS.accepted, language)]),
  ].join('\n');
}
