import type { Row } from './chapter.ts';

export interface Proof {
  readonly command: string;
  readonly engine: string;
  readonly date: string;
  readonly minutes: number;
  readonly chapters: readonly { readonly name: string; readonly rows: readonly Row[] }[];
  readonly notShown: readonly string[];
}

/** The page `docs/proof.md`; zeros stand where zero is promised. */
export function page({ command, engine, date, minutes, chapters, notShown }: Proof): string {
  const lines = chapters.flatMap(({ name, rows }) =>
    rows.map(
      ({ promise, what, figure, must, kept }) =>
        `| ${promise} | ${name} | ${what} | ${figure} | ${must} | ${kept ? 'kept' : '**not kept**'} |`,
    ),
  );
  return `# Proof

Written by \`${command}\` on ${date} in ${minutes} min, Node ${process.versions.node}, engine ${engine}. Each figure comes back with the same command; what
decides is the simulators' own record, not ours. The numbers of the promises are those of README.

| promise | chapter | what was tried | figure | must be | |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
${notShown.length === 0 ? '' : `\n## Not shown here\n\n${notShown.map((line) => `- ${line}`).join('\n')}\n`}`;
}
