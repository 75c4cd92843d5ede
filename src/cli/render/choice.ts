import type { KnownCustomer } from '../../core/subscriber.ts';
import { sayFinding } from './desk-findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showName } from './shown.ts';
import type { Viewer } from './when.ts';

export const CHOICE_TEXTS = {
  line: { en: '{id}  {name}, group {group}{live}', ru: '{id}  {name}, группа {group}{live}' },
  notLive: { en: ' (deleted or disabled)', ru: ' (удалён или отключён)' },
} satisfies Record<string, Sentence>;

/** Several customers of one phone, to choose from. */
export function renderChoice(customers: readonly KnownCustomer[], viewer: Viewer): string {
  const { language } = viewer;
  const lines = customers.map(({ id, name, group, live }) =>
    say(CHOICE_TEXTS.line, language, {
      id,
      name: showName(name, language),
      group: showName(group, language),
      live: live ? '' : say(CHOICE_TEXTS.notLive, language),
    }),
  );
  return [sayFinding({ code: 'customers_several', args: { n: customers.length } }, viewer), ...indent(lines)].join('\n');
}
