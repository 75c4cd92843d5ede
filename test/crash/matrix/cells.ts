import { renderRun } from '../../../src/cli/render/run.ts';
import { say } from '../../../src/cli/render/say.ts';
import { STATE_WORDS } from '../../../src/cli/render/words.ts';
import { DELIVERY_STATES } from '../../../src/core/glossary.ts';
import type { DeliveryState, Language } from '../../../src/core/glossary.ts';
import { NOBODY_INVITED } from '../../../src/core/invited-sum.ts';
import { NOTHING_PULLED, NOTHING_SENT } from '../../../src/core/summary.ts';
import type { Aftermath } from './die.ts';
import { CELLS } from './words.ts';

/** The three things a window is told by: the ledger in that moment, what the next run says, what guests see. */
export function cellsOf(aftermath: Aftermath, language: Language): readonly string[] {
  return [ledgerCell(aftermath, language), nextRunCell(aftermath, language), guestCell(aftermath, language)];
}

function ledgerCell({ left: { deliveries, invitations } }: Aftermath, language: Language): string {
  const sms = Object.fromEntries(DELIVERY_STATES.map((state) => [state, invitations.filter((fate) => fate === state).length]));
  const accepted = invitations.filter((fate) => fate === 'accepted').length;
  const parts = [
    ...countsOf(deliveries, language).map((text) => `${CELLS.notices[language]}: ${text}`),
    ...countsOf(sms, language).map((text) => `${CELLS.sms[language]}: ${text}`),
    ...(accepted === 0 ? [] : [say(CELLS.accepted, language, { n: accepted })]),
  ];
  return parts.length === 0 ? CELLS.nothing[language] : parts.join('; ');
}

function countsOf(states: Readonly<Record<string, number>>, language: Language): string[] {
  const order: readonly DeliveryState[] = DELIVERY_STATES;
  const words = order.filter((state) => (states[state] ?? 0) > 0).map((state) => `${STATE_WORDS[state][language]} ${states[state]}`);
  return words.length === 0 ? [] : [words.join(', ')];
}

/** Of the run right after it: the exit code, and what it prints of the dead. */
function nextRunCell({ later }: Aftermath, language: Language): string {
  const [next] = later;
  if (next === undefined) return '';
  const { sent, invited, exitCode } = next;
  if (sent.orphaned + invited.orphaned + next.findings.length === 0 && exitCode === 0) return CELLS.clean[language];
  const told = renderRun(
    [
      {
        ...next,
        runNo: next.runNo,
        pulled: NOTHING_PULLED,
        tasks: [],
        sent: { ...NOTHING_SENT, orphaned: sent.orphaned },
        invited: { ...NOBODY_INVITED, orphaned: invited.orphaned },
      },
    ],
    language,
  );
  return `${exitCode}; «${told.split('\n').slice(1).join(' · ')}»`;
}

function guestCell({ told, greeted, sms, end }: Aftermath, language: Language): string {
  const late = told.filter(({ plain, marked }) => plain === 0 && marked === 1).length;
  const twice = told.filter(({ plain, marked }) => plain === 1 && marked === 1).length;
  const doubtful = end.invitations.flatMap((fate, index) => (fate.startsWith('in_doubt') ? [sms[index] ?? 0] : []));
  const count = (sentence: (typeof CELLS)['late'], n: number): string[] => (n === 0 ? [] : [say(sentence, language, { n })]);
  const parts = [
    ...count(CELLS.late, late),
    ...count(CELLS.twice, twice),
    ...(greeted === 0 ? [CELLS.ungreeted[language]] : []),
    ...count(CELLS.unsent, doubtful.filter((taken) => taken === 0).length),
    ...count(CELLS.doubtfulSms, doubtful.filter((taken) => taken === 1).length),
  ];
  return late + twice === 0 && parts.length === 0 ? CELLS.once[language] : parts.join('; ');
}
