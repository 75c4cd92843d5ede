import { readFileSync } from 'node:fs';

import { build } from '../../src/tpxl/build.ts';

/** Definition → the file to import. */
export const TASK_FILES: Readonly<Record<string, string>> = {
  'definition.yaml': 'Информирование Клиентов о Движении средств на ЛС в Telegram.tpxl_exp',
  'without-filters.yaml': 'Информирование Клиентов о Движении средств на ЛС в Telegram (без выбора счетов и групп).tpxl_exp',
  'note-type.yaml': 'Тип заметки chat_ID в Telegram.tpxl_exp',
};

const FOLDER = new URL('../../tasks/client-operations-telegram/', import.meta.url);

/** Builds each file in memory; throws for a definition that can't be built. */
export function builtTasks(): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  return Object.entries(TASK_FILES).map(([definition, name]) => {
    const answer = build(readFileSync(new URL(definition, FOLDER), 'utf8'), (file) => readFileSync(new URL(file, FOLDER)));
    if (!answer.ok) throw new Error(`${definition}: ${JSON.stringify(answer.problems)}`);
    return { name, bytes: answer.bytes };
  });
}
