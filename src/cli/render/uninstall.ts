import type { Language } from '../../core/glossary.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';

interface Uninstalled {
  readonly confirmed: boolean;
  readonly dropLedger: boolean;
  readonly said: readonly string[];
  readonly keyFile: string;
}

export const UNINSTALL_TEXTS = {
  ask: {
    en: 'This would delete the ledger and all subscriptions: nobody would know any more who was told what, and a new installation would begin anew. If you mean it: tp-tg-notify uninstall --drop-ledger --yes',
    ru: 'Это удалит журнал доставок и все подписки: никто больше не узнает, кому и о чём рассказано, и новая установка начнёт с начала. Если так и задумано: tp-tg-notify uninstall --drop-ledger --yes',
  },
  kept: {
    en: 'Taken away: procedures, views, types. The ledger and the subscriptions are kept; `install` goes on with them.',
    ru: 'Удалены процедуры, представления, типы. Журнал доставок и подписки сохранены; `install` продолжит с ними.',
  },
  dropped: {
    en: 'Taken away, the ledger and the subscriptions among it.',
    ru: 'Удалено всё, включая журнал доставок и подписки.',
  },
  notes: {
    en: 'The customers’ notes in Tillypad stay, and so does the link key {file}.',
    ru: 'Заметки клиентов в Tillypad остались, как и ключ ссылок {file}.',
  },
} satisfies Record<string, Sentence>;

export function renderUninstalled({ confirmed, dropLedger, said, keyFile }: Uninstalled, language: Language): string {
  if (!confirmed) return say(UNINSTALL_TEXTS.ask, language);
  return [
    say(dropLedger ? UNINSTALL_TEXTS.dropped : UNINSTALL_TEXTS.kept, language),
    ...said,
    say(UNINSTALL_TEXTS.notes, language, { file: keyFile }),
  ].join('\n');
}
