import type { Language } from '../../core/glossary.ts';
import type { StatusReport } from '../../ports/desk.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { showInstant } from './when.ts';
import type { Viewer } from './when.ts';
import { EXIT_WORDS, sayWord } from './words.ts';

export const RUN_LINE_TEXTS = {
  line: { en: 'no. {runNo}  {started}  {host}  {ended}{did}', ru: '№ {runNo}  {started}  {host}  {ended}{did}' },
  ended: { en: '{code} – {meaning}', ru: '{code} – {meaning}' },
  running: { en: 'at work', ru: 'работает' },
  died: { en: 'died on its way', ru: 'погиб в пути' },
  planned: { en: 'planned: {n}', ru: 'запланировано: {n}' },
  delivered: { en: 'delivered: {n}', ru: 'доставлено: {n}' },
  refused: { en: 'refused: {n}', ru: 'не принято: {n}' },
  inDoubt: { en: 'in doubt: {n}', ru: 'под вопросом: {n}' },
  waiting: { en: 'waiting: {n}', ru: 'ждут: {n}' },
  invited: { en: 'invited: {n}', ru: 'приглашено: {n}' },
  smsInDoubt: { en: 'SMS in doubt: {n}', ru: 'СМС под вопросом: {n}' },
  subscribed: { en: 'subscribed: {n}', ru: 'подписались: {n}' },
} satisfies Record<string, Sentence>;

/** One run on one line: number, start in the restaurant's zone, host, exit code with its meaning, what it did. */
export function renderRunLine(run: StatusReport['runs'][number], viewer: Viewer): string {
  const { language } = viewer;
  const did = renderDeeds(run.summary, language);
  return say(RUN_LINE_TEXTS.line, language, {
    runNo: String(run.runNo),
    started: showInstant(run.startedAt, viewer),
    host: run.host,
    ended: renderEnd(run, language),
    did: did === '' ? '' : `; ${did}`,
  });
}

function renderEnd({ finishedAt, exitCode }: StatusReport['runs'][number], language: Language): string {
  if (finishedAt === null) return say(RUN_LINE_TEXTS.running, language);
  if (exitCode === null) return say(RUN_LINE_TEXTS.died, language);
  return say(RUN_LINE_TEXTS.ended, language, { code: String(exitCode), meaning: sayWord(EXIT_WORDS, String(exitCode), language) });
}

/** Read without trust: a summary may be of another version of the program. */
function renderDeeds(summary: string | null, language: Language): string {
  const read = parse(summary);
  const planned = Array.isArray(read['tasks']) ? read['tasks'].reduce((sum: number, task) => sum + countOf(task, 'planned'), 0) : 0;
  const counts: readonly (readonly [keyof typeof RUN_LINE_TEXTS, number])[] = [
    ['subscribed', countOf(read['pulled'], 'subscribed')],
    ['planned', planned],
    ['delivered', countOf(read['sent'], 'delivered')],
    ['refused', countOf(read['sent'], 'refusedByGuests') + countOf(read['sent'], 'refusedOurs')],
    ['inDoubt', countOf(read['sent'], 'inDoubt')],
    ['waiting', countOf(read['sent'], 'waiting')],
    ['invited', countOf(read['invited'], 'accepted')],
    ['smsInDoubt', countOf(read['invited'], 'inDoubt')],
  ];
  return counts
    .filter(([, n]) => n > 0)
    .map(([name, n]) => say(RUN_LINE_TEXTS[name], language, { n }))
    .join(', ');
}

function parse(summary: string | null): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(summary ?? '{}'));
  } catch {
    return {};
  }
}

function countOf(from: unknown, key: string): number {
  const value = asRecord(from)[key];
  return typeof value === 'number' ? value : 0;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
