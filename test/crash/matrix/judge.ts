import type { Aftermath } from './die.ts';
import { CONCURRENCY, SUMS } from './scene.ts';

/** What of the promises a window breaks, each in a sentence; none = all are kept. */
export function findBroken({ diedAt, left, begunAfter, early, later, told, greeted, sms, end, stalls }: Aftermath): string[] {
  const broken: string[] = [];
  const must = (kept: boolean, sentence: string): void => {
    if (!kept) broken.push(sentence);
  };
  must(diedAt !== null, 'nobody died: the window was never reached');
  for (const [index, { plain, marked }] of told.entries()) {
    must(plain + marked > 0, `operation ${index} is lost: its guest was never told`);
    must(plain <= 1 && marked <= 1, `operation ${index} was doubled silently: ${plain} plain, ${marked} marked`);
  }
  const marks = told.reduce((sum, { marked }) => sum + marked, 0);
  const orphaned = later.reduce((sum, { sent }) => sum + sent.orphaned, 0);
  must(orphaned <= CONCURRENCY, `${orphaned} notices in doubt, and ${CONCURRENCY} were the last batch`);
  must(
    orphaned === (left.deliveries['sending'] ?? 0),
    `${orphaned} notices in doubt, and ${left.deliveries['sending'] ?? 0} were on their way`,
  );
  must(marks === orphaned, `${marks} were repeated, ${orphaned} in doubt`);
  must(greeted <= 1, `the newcomer was greeted ${greeted} times`);
  must(JSON.stringify(end.deliveries) === JSON.stringify({ delivered: SUMS.length }), `left at the end: ${JSON.stringify(end.deliveries)}`);
  for (const [index, taken] of sms.entries()) {
    const fate = end.invitations[index] ?? 'none';
    must(taken <= 1, `${taken} SMS to one number`);
    must(taken === 1 || fate === 'in_doubt(orphan)', `an SMS that never went is ${fate}`);
  }
  const doubtful = end.invitations.filter((fate) => fate.startsWith('in_doubt')).length;
  must(doubtful === left.invitations.filter((fate) => fate === 'sending').length, `${doubtful} SMS in doubt of those on their way`);
  must(doubtful <= 1, `${doubtful} SMS in doubt`);
  must(early === null || early.sent.orphaned + early.invited.orphaned === 0, 'a run judged what may still have been on its way');
  must(begunAfter === 0, `${begunAfter} sendings began after the connection had been cut`);
  const codes = later.map(({ exitCode }) => exitCode);
  const shown = orphaned + doubtful > 0 ? 4 : 0;
  must(codes.join() === `${shown},0,0`, `the next runs ended with ${codes.join()}, where ${shown},0,0 tells the truth`);
  must(stalls === 0, 'time moved on while something was under way: unsound');
  return broken;
}
