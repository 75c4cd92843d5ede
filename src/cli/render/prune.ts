import type { BotId, Language, WallTime } from '../../core/glossary.ts';
import type { Pruned } from '../../ports/desk.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent } from './shown.ts';
import { showWall } from './when.ts';

export const PRUNE_TEXTS = {
  pruneAhead: {
    en: 'Bot {bot}: what ended before {before} would lose its texts and attempts, runs and words of that time go; what was told stays known. A backfill behind that date is refused from then on. Confirm with --yes.',
    ru: 'Бот {bot}: у законченного до {before} удалятся тексты и попытки, уйдут запуски и сигналы того времени; о чём рассказано, останется известно. Рассказать задним числом о более ранних операциях станет нельзя. Подтвердите ключом --yes.',
  },
  pruned: {
    en: 'Bot {bot}: forgotten up to {horizon}.',
    ru: 'Бот {bot}: забыто до {horizon}.',
  },
  prunedCounts: {
    en: 'attempts {attempts}, deliveries of operations that are gone {deliveries}, texts of invitations {invitations}, runs {runs}, words {words}, refused links {links}',
    ru: 'попыток {attempts}, доставок об исчезнувших операциях {deliveries}, текстов приглашений {invitations}, запусков {runs}, сигналов {words}, непринятых ссылок {links}',
  },
} satisfies Record<string, Sentence>;

export function renderPruned(
  bots: readonly { readonly botId: BotId; readonly before: WallTime; readonly pruned: Pruned | null }[],
  language: Language,
): string {
  return bots
    .flatMap(({ botId, before, pruned }) => {
      if (pruned === null) return [say(PRUNE_TEXTS.pruneAhead, language, { bot: botId, before: showWall(before, language) })];
      const { horizon, ...counts } = pruned;
      return [
        say(PRUNE_TEXTS.pruned, language, { bot: botId, horizon: showWall(horizon, language) }),
        ...indent([say(PRUNE_TEXTS.prunedCounts, language, counts)]),
      ];
    })
    .join('\n');
}
