/**
 * `npm run mutate [-- --list] [--only TEXT …] [--storms N] [--minutes M] [--fresh]`: breaks the program on purpose, in a copy, one place at a time; a
 * test or a storm must say so. Interrupted, or out of its minutes, it goes on where it was as long as program and tests are the same. Ends with 1 when
 * nobody notices a mutant, when its text stands in the source no more, or when not all were tried.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { digestTree } from '../support/tree-digest.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { openPast } from './past.ts';
import { copyTree } from './tree.ts';
import type { Tree } from './tree.ts';
import { askStorms, askTests } from './try.ts';

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
    const open = chosen.filter(({ name }) => past.caughtBy(name) === null);
    if (past.caught > 0)
      print(`${chosen.length - open.length} of ${chosen.length} were caught before, by the same tests of the same program`);
    if (!(await isSound(tree, open))) return false;
    print('| promise | place | mutant | caught by | s |\n| --- | --- | --- | --- | --- |');
    const survivors: string[] = [];
    let tried = 0;
    for (const mutant of open) {
      if (performance.now() > Number(values.minutes) * 60_000) break;
      const began = performance.now();
      const caught = await tryOne(tree, mutant);
      tried += 1;
      if (caught === null) survivors.push(mutant.name);
      else past.keep(mutant.name, caught);
      const seconds = Math.round((performance.now() - began) / 1000);
      print(`| ${mutant.promise} | ${mutant.file} | ${mutant.name} | ${caught ?? '**nobody**'} | ${seconds} |`);
    }
    const left = open.length - tried;
    print(`\n${chosen.length} mutants, ${survivors.length} noticed by nobody${survivors.length === 0 ? '' : `: ${survivors.join('; ')}`}`);
    if (left > 0) print(`${left} are not tried yet: the same command goes on`);
    return survivors.length === 0 && left === 0;
  } finally {
    tree.remove();
  }
}

/** What fails unbroken would catch every mutant. */
async function isSound(tree: Tree, open: readonly Mutant[]): Promise<boolean> {
  if (open.length === 0) return true;
  const files = [...new Set(open.flatMap(({ tests }) => tests))];
  const before = (await askTests(tree.folder, files)) ?? (await askStorms(tree.folder, storms));
  if (before !== null) print(`nothing is broken yet, and this fails: ${before}`);
  return before === null;
}

/** Null: nobody noticed it, or it can't be tried. */
async function tryOne(tree: Tree, mutant: Mutant): Promise<string | null> {
  const mend = tree.break(mutant);
  if (mend === null) {
    print(`the text of «${mutant.name}» does not stand once in ${mutant.file}`);
    return null;
  }
  try {
    return (await askTests(tree.folder, mutant.tests)) ?? (await askStorms(tree.folder, storms));
  } finally {
    mend();
  }
}
