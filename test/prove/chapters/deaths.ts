import type { Aftermath } from '../../crash/matrix/die.ts';
import { never, verdictOf } from '../chapter.ts';
import type { Reach, Row } from '../chapter.ts';

/** What came of many deaths of a run. */
export interface Deaths {
  readonly ports: number;
  readonly wire: number;
  /** Connections cut under processes that lived on. */
  readonly cuts: number;
  readonly repeats: number;
  readonly smsInDoubt: number;
  /** Deaths that say nothing: the machine was so busy that time moved on under them, however often they were played. */
  readonly unsound: number;
  readonly broken: readonly { readonly place: string; readonly sentences: readonly string[] }[];
}

export const NO_DEATHS: Deaths = { ports: 0, wire: 0, cuts: 0, repeats: 0, smsInDoubt: 0, unsound: 0, broken: [] };

export interface Death {
  readonly place: string;
  readonly kind: 'ports' | 'wire' | 'cuts';
  readonly aftermath: Pick<Aftermath, 'told' | 'end' | 'stalls'>;
  readonly sentences: readonly string[];
}

export function addDeath(deaths: Deaths, { place, kind, aftermath: { told, end, stalls }, sentences }: Death): Deaths {
  return {
    ...deaths,
    [kind]: deaths[kind] + 1,
    repeats: deaths.repeats + told.reduce((marks, { marked }) => marks + marked, 0),
    smsInDoubt: deaths.smsInDoubt + end.invitations.filter((fate) => fate.startsWith('in_doubt')).length,
    unsound: deaths.unsound + (stalls > 0 ? 1 : 0),
    broken: stalls > 0 || sentences.length === 0 ? deaths.broken : [...deaths.broken, { place, sentences }],
  };
}

export function deathRows(parts: readonly Deaths[], reach: Reach): readonly Row[] {
  const sum = (read: (deaths: Deaths) => number): number => parts.reduce((all, deaths) => all + read(deaths), 0);
  const broken = parts.flatMap((deaths) => deaths.broken);
  const hits = (pattern: RegExp): number => broken.filter(({ sentences }) => sentences.some((one) => pattern.test(one))).length;
  const unsound = sum((deaths) => deaths.unsound);
  const [ports, wire, cuts] = [sum((deaths) => deaths.ports), sum((deaths) => deaths.wire), sum((deaths) => deaths.cuts)];
  return [
    never({
      promise: '1',
      what: `operations lost in ${ports} deaths at calls of ports, ${wire} on the wire and ${cuts} connections cut under a process that lives on`,
      count: hits(/is lost|left at the end/),
      reach,
    }),
    never({
      promise: '2',
      what: `told twice without a mark (${sum(({ repeats }) => repeats)} repeated with it)`,
      count: hits(/doubled silently|were repeated/),
      reach,
    }),
    never({ promise: '2', what: 'more in doubt than the last batch', count: hits(/in doubt/), reach }),
    never({
      promise: '2',
      what: `SMS sent twice (${sum(({ smsInDoubt }) => smsInDoubt)} left in doubt, never repeated)`,
      count: hits(/SMS to one number|an SMS that/),
      reach,
    }),
    never({
      promise: '3',
      what: 'sendings begun after the connection was cut, rows judged while they may be on their way',
      count: hits(/began after|still have been/),
      reach,
    }),
    {
      promise: '1–3',
      what: 'deaths that say nothing, as the machine was too busy for the virtual clock',
      figure: String(unsound),
      must: 'few',
      verdict: unsound === 0 ? verdictOf(true, reach) : 'kept so far',
    },
    never({ promise: '1–3', what: 'deaths after which anything is not as promised', count: broken.length, reach }),
  ];
}
