import type { BotId } from '../../core/glossary.ts';
import type { Finding } from '../../core/settings.ts';
import type { KnownCustomer } from '../../core/subscriber.ts';
import { sayFinding } from './desk-findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { showName } from './shown.ts';
import type { Viewer } from './when.ts';

export interface MadeLink {
  readonly botId: BotId;
  readonly username: string;
  readonly url: string;
  readonly customer: KnownCustomer;
  readonly findings: readonly Finding[];
}

export const LINK_TEXTS = {
  whose: { en: 'Link of {name} (group {group}, id {id}) to @{bot}:', ru: 'Ссылка клиента {name} (группа {group}, код {id}) на @{bot}:' },
  how: {
    en: 'Give it to this guest only: whoever opens it and presses Start gets the account’s notices. Then: tp-tg-notify run',
    ru: 'Передайте её только этому гостю: кто откроет её и нажмёт Start, тот и получает уведомления о счёте. Затем: tp-tg-notify run',
  },
} satisfies Record<string, Sentence>;

export function renderLinks(links: readonly MadeLink[], viewer: Viewer): string {
  const { language } = viewer;
  const lines = links.flatMap(({ customer, username, url, findings }) => [
    say(LINK_TEXTS.whose, language, {
      name: showName(customer.name, language),
      group: showName(customer.group, language),
      id: customer.id,
      bot: username,
    }),
    url,
    ...findings.map((finding) => sayFinding(finding, viewer)),
  ]);
  return [...lines, say(LINK_TEXTS.how, language)].join('\n');
}
