import { EXIT } from '../../core/exit-code.ts';
import type { ExitCode } from '../../core/exit-code.ts';
import type { Language } from '../../core/glossary.ts';
import { withoutSecrets } from '../../core/secret.ts';
import { hidePasswords } from '../../core/server-place.ts';
import { DatabaseUnavailable, SchemaMismatch } from '../../ports/database.ts';
import { CommandProblem, SettingsRefused } from '../problem.ts';
import { DATABASE_FAILURES } from './database-failures.ts';
import { renderFinding } from './findings.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { renderProblem } from './settings-problems.ts';

export interface Failure {
  readonly code: ExitCode;
  readonly name: string;
  readonly text: string;
}

const SCHEMA: Readonly<Record<'missing' | 'older' | 'newer' | 'unfit', Sentence>> = {
  missing: {
    en: 'The ledger is not installed here. Run: tp-tg-notify install',
    ru: 'Журнал доставок здесь не установлен. Выполните: tp-tg-notify install',
  },
  older: {
    en: 'The ledger has schema {found}, this program wants {wanted}. Run: tp-tg-notify install',
    ru: 'Схема журнала – {found}, программе нужна {wanted}. Выполните: tp-tg-notify install',
  },
  newer: {
    en: 'The ledger has schema {found}, newer than this program knows ({wanted}). Update the program.',
    ru: 'Схема журнала – {found}, новее, чем знает программа ({wanted}). Обновите программу.',
  },
  unfit: {
    en: 'The ledger or one of its views doesn’t fit: {detail}. A table or a column of Tillypad, or of a view that was altered, is gone, or the program is newer than the ledger. Nothing is lost. Run: tp-tg-notify upgrade – it brings up to date what it can and names what it can’t.',
    ru: 'Журнал доставок или одно из его представлений не подходит: {detail}. Исчезла таблица или столбец Tillypad либо изменённого представления, или программа новее журнала. Ничего не потеряно. Выполните: tp-tg-notify upgrade – он обновит, что может, и назовёт, чего не может.',
  },
};

const KEY: Readonly<Record<string, Sentence>> = {
  missing: {
    en: 'The link key {path} is missing. Run `tp-tg-notify install` on the first host; copy the file to further hosts.',
    ru: 'Нет ключа ссылок {path}. На первой машине выполните `tp-tg-notify install`; на другие скопируйте этот файл.',
  },
  unreadable: {
    en: 'The link key {path} can’t be read. Check the rights of the file.',
    ru: 'Ключ ссылок {path} не читается. Проверьте права на файл.',
  },
  damaged: {
    en: 'The link key {path} is damaged. Take it from a backup or from another host; a new one makes all links sent so far useless.',
    ru: 'Ключ ссылок {path} повреждён. Возьмите его из копии или с другой машины; с новым все отправленные ссылки перестанут действовать.',
  },
  exposed: {
    en: 'Others on this machine can change the link key {path}, so links can’t be trusted. Run: chmod 600 {path}; if somebody may have used that, then also: tp-tg-notify keys rotate --revoke-old',
    ru: 'Ключ ссылок {path} могут изменить и другие на этой машине, поэтому ссылкам нельзя верить. Выполните: chmod 600 {path}; если этим могли воспользоваться, то ещё: tp-tg-notify keys rotate --revoke-old',
  },
  exhausted: {
    en: 'The link key {path} holds its last possible key number; no further rotation is possible.',
    ru: 'В ключе ссылок {path} занят последний номер; сменить ключ больше нельзя.',
  },
  unwritable: {
    en: 'The link key {path} can’t be written. Check the rights of the folder.',
    ru: 'Ключ ссылок {path} не записать. Проверьте права на папку.',
  },
};

const FAULT: Sentence = {
  en: 'A fault in the program: {detail}. Please report it with the log; the ledger is in order, the next run goes on.',
  ru: 'Ошибка в программе: {detail}. Сообщите о ней, приложив журнал работы; журнал доставок в порядке, продолжит следующий запуск.',
};

/** Any thrown thing as a sentence and an exit code; a fault shows its message, never a value of the settings. */
export function renderFailure(error: unknown, language: Language): Failure {
  if (error instanceof CommandProblem) {
    return {
      code: error.code,
      name: error.findings[0]?.code ?? 'problem',
      text: error.findings.map((finding) => renderFinding(finding, language)).join('\n'),
    };
  }
  if (error instanceof SettingsRefused) {
    const { problems } = error.refused;
    return {
      code: EXIT.usage,
      name: problems[0]?.code ?? 'settings',
      text: problems.map((problem) => renderProblem(problem, language)).join('\n'),
    };
  }
  if (error instanceof DatabaseUnavailable)
    return {
      // A secondary replica has nothing to do: its scheduler is no failure.
      code: error.code === 'not_primary' ? EXIT.done : EXIT.database,
      name: `database_${error.code}`,
      text: say(DATABASE_FAILURES[error.code], language, { detail: withoutSecrets(error.message) }),
    };
  if (error instanceof SchemaMismatch) {
    const { detail } = error;
    const kind = detail !== null ? 'unfit' : error.found === null ? 'missing' : error.found < error.wanted ? 'older' : 'newer';
    return {
      code: EXIT.schema,
      name: `schema_${kind}`,
      text: say(SCHEMA[kind], language, {
        found: String(error.found),
        wanted: String(error.wanted),
        detail: withoutSecrets((detail ?? '').replace(/\.\s*$/u, '')),
      }),
    };
  }
  const key = keyProblem(error);
  if (key !== null)
    return { code: EXIT.usage, name: `key_${key.code}`, text: say(KEY[key.code] ?? FAULT, language, { path: key.path, detail: key.code }) };
  const detail = withoutSecrets(hidePasswords(error instanceof Error ? error.message : String(error)));
  return { code: EXIT.fault, name: 'fault', text: say(FAULT, language, { detail }) };
}

/** The keyring is an adapter, which this layer can't import: its error is known by its name. */
function keyProblem(error: unknown): { readonly code: string; readonly path: string } | null {
  if (!(error instanceof Error) || error.name !== 'KeyringProblem') return null;
  const { code, path } = error as Error & { readonly code?: unknown; readonly path?: unknown };
  return { code: String(code), path: String(path) };
}
