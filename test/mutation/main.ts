/**
 * `npm run mutate [-- --list] [--only TEXT …] [--storms N] [--minutes M] [--fresh]`: breaks the program on purpose, in a copy, one place at a time; a
 * test or a storm must say so. A mutant that is no program any more, or that hangs, counts as caught by nobody. Those in T-SQL are tried on the server
 * that TP_TEST_MSSQL names, and told as skipped without one. Interrupted, or out of its minutes, it goes on where it was as long as program and tests
 * are the same. Ends with 1 when a mutant is not caught, when its text stands in the source no more, or when not all were tried.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { serverUnderTest } from '../support/mssql-database.ts';
import { digestTree } from '../support/tree-digest.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { openPast } from './past.ts';
import { copyTree } from './tree.ts';
import type { Tree } from './tree.ts';
import { askStorms, askTests } from './try.ts';
import { firstCaught } from './verdict.ts';
import type { Verdict } from './verdict.ts';

const { values } = parseArgs({
  options: {
    list: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [''] },
    storms: { type: 'string', default: '30' },
    minutes: { type: 'string', default: 'Infinity' },
    fresh: { type: 'boolean', default: false },
  },
});
const storms = Number(values.storms);
const chosen = MUTANTS.filter(({ name, file }) => values.only.some((text) => `${file} ${name}`.includes(text)));
const hasServer = serverUnderTest() !== null;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (values.list) for (const { promise, file, name } of chosen) print(`${promise} ${file}: ${name}`);
else process.exitCode = (await tryAll()) ? 0 : 1;

async function tryAll(): Promise<boolean> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const past = openPast(fileURLToPath(new URL('../../.prove/mutants.json', import.meta.url)), {
    tree: digestTree(root),
    fresh: values.fresh,
  });
  const tree = copyTree(root);
  try {
    const able = chosen.filter(({ onServer }) => onServer === undefined || hasServer);
    const open = able.filter(({ name }) => past.caughtBy(name) === null);
    if (past.caught > 0) print(`${able.length - open.length} of ${able.length} were caught before, by the same tests of the same program`);
    if (able.length < chosen.length) print(`${chosen.length - able.length} in T-SQL are skipped: TP_TEST_MSSQL names no server`);
    if (!(await isSound(tree, open))) return false;
    print('| promise | place | mutant | verdict | by | s |\n| --- | --- | --- | --- | --- | --- |');
    const survivors: string[] = [];
    let tried = 0;
    for (const mutant of open) {
      if (performance.now() > Number(values.minutes) * 60_000) break;
      const began = performance.now();
      const result = await tryOne(tree, mutant);
      tried += 1;
      const by = 'by' in result ? result.by : 'nobody';
      if (result.verdict === 'caught') past.keep(mutant.name, by);
      else survivors.push(`${mutant.name} (${result.verdict})`);
      const verdict = result.verdict === 'caught' ? 'caught' : `**${result.verdict}**`;
      const seconds = Math.round((performance.now() - began) / 1000);
      print(`| ${mutant.promise} | ${mutant.file} | ${mutant.name} | ${verdict} | ${by} | ${seconds} |`);
    }
    const left = open.length - tried;
    print(`\n${able.length} mutants, ${survivors.length} not caught${survivors.length === 0 ? '' : `: ${survivors.join('; ')}`}`);
    if (left > 0) print(`${left} are not tried yet: the same command goes on`);
    return survivors.length === 0 && left === 0;
  } finally {
    tree.remove();
  }
}

/** What fails unbroken would catch every mutant. */
async function isSound(tree: Tree, open: readonly Mutant[]): Promise<boolean> {
  const here = open.filter(({ onServer }) => onServer === undefined);
  const there = open.filter(({ onServer }) => onServer !== undefined);
  const verdicts: Verdict[] = [];
  if (here.length > 0) verdicts.push(await askTests(tree.folder, { tests: filesOf(here) }), await askStorms(tree.folder, storms));
  if (there.length > 0) {
    const onServer = [...new Set(there.map((one) => one.onServer))].join('|');
    verdicts.push(await askTests(tree.folder, { tests: filesOf(there), onServer }));
  }
  const before = verdicts.find(({ verdict }) => verdict !== 'unnoticed');
  if (before !== undefined) print(`nothing is broken yet, and this fails: ${JSON.stringify(before)}`);
  return before === undefined;
}

function filesOf(mutants: readonly Mutant[]): readonly string[] {
  return [...new Set(mutants.flatMap(({ tests }) => tests))];
}

async function tryOne(tree: Tree, mutant: Mutant): Promise<Verdict> {
  const mend = tree.break(mutant);
  if (mend === null) return { verdict: 'loads not', by: `its text does not stand once in ${mutant.file}` };
  try {
    const byTests = await askTests(tree.folder, mutant);
    if (byTests.verdict === 'caught' || mutant.onServer !== undefined) return byTests;
    return firstCaught([byTests, await askStorms(tree.folder, storms)]);
  } finally {
    mend();
  }
}
