import type { Language } from '../../core/glossary.ts';
import type { Progress } from '../../ports/host.ts';
import type { Terminal } from '../doors.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';

const STEPS: Readonly<Record<'pull' | 'plan' | 'deliver', Sentence>> = {
  pull: { en: 'Subscriptions: {done}', ru: 'Подписки: {done}' },
  plan: { en: 'Planned: {done}{of}', ru: 'Запланировано: {done}{of}' },
  deliver: { en: 'Told: {done}{of}', ru: 'Рассказано: {done}{of}' },
};
/** Steps shorter than this are not worth a line. */
const FEW = 50;

/** A line that is written over on a terminal, at most a few times a second; nothing when piped. */
export function renderProgress(terminal: Terminal, language: Language): Progress {
  const write = terminal.progress;
  if (write === null) return () => {};
  return ({ step, done, of }) => {
    if (done < FEW) return;
    write(say(STEPS[step], language, { done, of: of === null || of === 0 ? '' : ` / ${of}` }));
  };
}
