import type { Row } from './chapter.ts';

export interface Proof {
  readonly command: string;
  readonly engine: string;
  readonly date: string;
  /** Of all sittings together, each chapter's own. */
  readonly chapters: readonly {
    readonly name: string;
    readonly rows: readonly Row[];
    readonly reach: string;
    readonly minutes: number;
    readonly died: readonly string[];
  }[];
  readonly lanes: number;
  readonly program: string;
  readonly seeds: string;
  readonly notShown: readonly string[];
}

/** The page `docs/proof.md`; zeros stand where zero is promised. */
export function page({ command, engine, date, lanes, program, seeds, chapters, notShown }: Proof): string {
  const lines = chapters.flatMap(({ name, rows }) =>
    rows.map(
      ({ promise, what, figure, must, verdict }) =>
        `| ${promise} | ${name} | ${what} | ${figure} | ${must} | ${verdict === 'broken' ? '**not kept**' : verdict} |`,
    ),
  );
  const reached = chapters.map(
    ({ name, reach, minutes, died }) => `| ${name} | ${reach} | ${minutes.toFixed(1)} | ${died.length === 0 ? 'no' : died.join(', ')} |`,
  );
  return `# Proof

Written by \`${command}\` on ${date}, Node ${process.versions.node}, engine ${engine}, ${seeds}, ${lanes} chapters at once, program ${program.slice(0, 12)}.
What decides is the simulators' own record, not ours. A case that is made from a seed comes back with its seed; a proof that its hours cut short reaches
as many as the machine allows, and says which. Chapters with real processes (sigkill, concurrency, places) try the same anew, and their moments differ
each time. The numbers of the promises are those of README; which tests stand for which promise is said in [promises.md](promises.md). «kept so far»:
held, with less than was to be tried.

| promise | chapter | what was tried | figure | must be | |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

## How far each chapter came

| chapter | done | minutes, all sittings | a process of it died |
| --- | --- | --- | --- |
${reached.join('\n')}
${notShown.length === 0 ? '' : `\n## Not shown here\n\n${notShown.map((line) => `- ${line}`).join('\n')}\n`}`;
}
