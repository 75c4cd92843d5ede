import { writeFileSync } from 'node:fs';

import { GATEWAYS } from '../../../src/core/sms-outcome.ts';
import { findBroken } from '../../crash/matrix/judge.ts';
import { collect, playPorts, playWire } from '../../crash/matrix/matrix.ts';
import type { Window } from '../../crash/matrix/matrix.ts';
import { crashPage, PAGES } from '../../crash/matrix/page.ts';
import type { Chapter, ProveWish, Row } from '../chapter.ts';

interface Sum {
  ports: number;
  wire: number;
  repeats: number;
  smsInDoubt: number;
  broken: { readonly place: string; readonly sentences: readonly string[] }[];
}

/**
 * A run dies at every call of its ports and on every byte of its exchanges that matters, with each operator in turn; the runs after it go on. Writes
 * the page that tells of the windows.
 */
export const crash: Chapter = {
  name: 'crash',
  engines: ['sqlite'],
  run: async (wish) => {
    const sum: Sum = { ports: 0, wire: 0, repeats: 0, smsInDoubt: 0, broken: [] };
    for (const gateway of GATEWAYS) {
      for await (const window of playPorts(gateway, 'whole')) weigh(wish, sum, { gateway, window });
      for await (const window of playWire(gateway, 'whole')) weigh(wish, sum, { gateway, window });
      wish.tell(`crash ${gateway}: ${sum.ports} kills at ports, ${sum.wire} on the wire, ${sum.broken.length} broken`);
    }
    await writePages(wish);
    return rowsOf(sum);
  },
};

function weigh(wish: ProveWish, sum: Sum, { gateway, window }: { readonly gateway: string; readonly window: Window }): void {
  const { place, aftermath } = window;
  if (place.kind === 'port') sum.ports += 1;
  else sum.wire += 1;
  sum.repeats += aftermath.told.reduce((marks, { marked }) => marks + marked, 0);
  sum.smsInDoubt += aftermath.end.invitations.filter((fate) => fate.startsWith('in_doubt')).length;
  const sentences = findBroken(aftermath);
  if (sentences.length === 0) return;
  const where = `${gateway} ${JSON.stringify(place)}`;
  sum.broken.push({ place: where, sentences });
  wish.tell(`${where}: ${sentences.join(' · ')}`);
}

async function writePages(wish: ProveWish): Promise<void> {
  const windows = [...(await collect(playPorts('smsru', 'short'))), ...(await collect(playWire('smsru', 'short')))];
  for (const language of ['en', 'ru'] as const) {
    writeFileSync(new URL(`../../../${PAGES[language]}`, import.meta.url), crashPage(windows, language));
    wish.tell(`written: ${PAGES[language]}`);
  }
}

function rowsOf({ ports, wire, repeats, smsInDoubt, broken }: Sum): Row[] {
  const hits = (pattern: RegExp): string => String(broken.filter(({ sentences }) => sentences.some((one) => pattern.test(one))).length);
  const of = `${ports} deaths at calls of ports and ${wire} on the wire`;
  return [
    { promise: '1', what: `operations lost in ${of}`, figure: hits(/is lost|left at the end/), must: '0' },
    {
      promise: '2',
      what: `told twice without a mark (${repeats} repeated with it)`,
      figure: hits(/doubled silently|were repeated/),
      must: '0',
    },
    { promise: '2', what: 'more in doubt than the last batch', figure: hits(/in doubt/), must: '0' },
    {
      promise: '2',
      what: `SMS sent twice (${smsInDoubt} left in doubt, never repeated)`,
      figure: hits(/SMS to one number|an SMS that/),
      must: '0',
    },
    { promise: '1–3', what: 'deaths after which anything is not as promised', figure: String(broken.length), must: '0' },
  ].map((row) => ({ ...row, kept: row.figure === '0' && wire > 0 && ports > 0 }));
}
