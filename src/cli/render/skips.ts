import type { Language, SkipReason } from '../../core/glossary.ts';
import { SKIP_REASONS } from '../../core/glossary.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';

/** Why operations end without a notice, as a person reads it. */
export const SKIP_WORDS: Readonly<Record<SkipReason, Sentence>> = {
  not_subscribed: { en: 'not subscribed', ru: 'не подписан' },
  suspended: { en: 'bot blocked by the guest', ru: 'гость заблокировал бота' },
  opted_out: { en: 'guest said stop', ru: 'гость отписался' },
  too_old: { en: 'too old', ru: 'слишком старая' },
  removed: { en: 'removed before it was told', ru: 'удалена до отправки' },
  late: { en: 'found too late', ru: 'найдена слишком поздно' },
  marked: { en: 'marked as seen', ru: 'отмечена известной' },
};

/** The same before a number of operations, whatever it is. */
export const SKIP_COUNT_WORDS: Readonly<Record<SkipReason, Sentence>> = {
  not_subscribed: { en: 'not subscribed', ru: 'не подписаны' },
  suspended: { en: 'bot blocked by guests', ru: 'заблокировали бота' },
  opted_out: { en: 'guests said stop', ru: 'отписались' },
  too_old: { en: 'too old', ru: 'слишком старые' },
  removed: { en: 'removed before they were told', ru: 'удалены до отправки' },
  late: { en: 'found too late', ru: 'найдены слишком поздно' },
  marked: { en: 'marked as seen', ru: 'отмечены известными' },
};

const HEAD: Sentence = { en: 'without a notice – {list}', ru: 'без уведомления – {list}' };

/** «without a notice – not subscribed: 12, too old: 3»; empty when there are none. */
export function renderSkips(skipped: Readonly<Partial<Record<SkipReason, number>>>, language: Language): string {
  const list = SKIP_REASONS.filter((reason) => (skipped[reason] ?? 0) > 0).map(
    (reason) => `${say(SKIP_COUNT_WORDS[reason], language)}: ${skipped[reason] ?? 0}`,
  );
  return list.length === 0 ? '' : say(HEAD, language, { list: list.join(', ') });
}
