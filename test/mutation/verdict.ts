/** What an oracle says of a mutant. loads not: the mutant is no program (any more), which any oracle notices · hangs: nobody waited for the end. */
export type Verdict = { readonly verdict: 'unnoticed' } | { readonly verdict: 'caught' | 'loads not' | 'hangs'; readonly by: string };

export const UNNOTICED: Verdict = { verdict: 'unnoticed' };

/** The JSON report of vitest, as far as it is read. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** Of JavaScript, of SQLite, of SQL Server: text that is not understood, or names what isn't there. */
const NOT_LOADED =
  /SyntaxError(?!: [^\n]*JSON)|ReferenceError|Transform failed|Cannot find module|is not a function|is not defined|near ".*": syntax error|incomplete input|unrecognized token|no such (?:column|table|function)|Incorrect syntax|syntax error (?:at or )?near|Invalid (?:column|object) name|Must declare the scalar variable|does not exist/u;
const TIMED_OUT = /timed out in \d+\s?ms/u;

/** The first failure decides; a file without one of its own was kept from running, or its tests never began. */
export function readReport({ testResults }: Report, folder: string): Verdict {
  const file = (name: string): string => name.replace(`${folder}/`, '');
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.find((one) => one.status === 'failed');
    if (failed !== undefined) return judge(`${file(name)}: ${failed.fullName.trim()}`, (failed.failureMessages ?? []).join('\n'));
  }
  const silent = testResults.find(({ status, message }) => status === 'failed' && message !== '');
  if (silent === undefined) return { verdict: 'loads not', by: 'the tests ended without a word' };
  // No test had failed when the file did: it could not be loaded, or nothing could be prepared for it.
  const by = `${file(silent.name)}: ${silent.message.split('\n')[0] ?? ''}`;
  return { verdict: TIMED_OUT.test(silent.message) ? 'hangs' : 'loads not', by };
}

/** Of `storms.ts`: a seed that broke a promise, or nothing that a storm could say. */
export function readStorms(said: string): Verdict {
  const seed = /^seed \d+: .*$/mu.exec(said)?.[0];
  return seed === undefined ? { verdict: 'loads not', by: 'no storm could be played' } : judge(`a storm, ${seed}`, seed);
}

function judge(by: string, why: string): Verdict {
  if (NOT_LOADED.test(why)) return { verdict: 'loads not', by };
  return { verdict: TIMED_OUT.test(why) ? 'hangs' : 'caught', by };
}

/** Only a mutant that was caught is; else what came nearest to it is told. */
export function firstCaught(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find(({ verdict }) => verdict === 'caught') ?? verdicts.find(({ verdict }) => verdict !== 'unnoticed') ?? UNNOTICED;
}
