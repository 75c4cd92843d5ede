/**
 * `npm run mutate [-- --list] [--only TEXT …] [--storms N]`: breaks the program on purpose, in a copy, one place at a time; a test or a storm must say
 * so. Ends with 1 when nobody notices a mutant, or when its text stands in the source no more.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { copyTree } from './tree.ts';
import type { Tree } from './tree.ts';
import { askStorms, askTests } from './try.ts';

const { values } = parseArgs({
  options: {
    list: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [''] },
    storms: { type: 'string', default: '30' },
  },
});
const storms = Number(values.storms);
const chosen = MUTANTS.filter(({ name, file }) => values.only.some((text) => `${file} ${name}`.includes(text)));
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (values.list) for (const { promise, file, name } of chosen) print(`${promise} ${file}: ${name}`);
else process.exitCode = (await tryAll()) ? 0 : 1;

async function tryAll(): Promise<boolean> {
  const tree = copyTree(fileURLToPath(new URL('../..', import.meta.url)));
  try {
    // What fails unbroken would catch every mutant.
    const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
    const before = (await askTests(tree.folder, files)) ?? (await askStorms(tree.folder, storms));
    if (before !== null) {
      print(`nothing is broken yet, and this fails: ${before}`);
      return false;
    }
    print('| promise | place | mutant | caught by | s |\n| --- | --- | --- | --- | --- |');
    const survivors: string[] = [];
    for (const mutant of chosen) {
      const began = performance.now();
      const caught = await tryOne(tree, mutant);
      if (caught === null) survivors.push(mutant.name);
      const seconds = Math.round((performance.now() - began) / 1000);
      print(`| ${mutant.promise} | ${mutant.file} | ${mutant.name} | ${caught ?? '**nobody**'} | ${seconds} |`);
    }
    print(`\n${chosen.length} mutants, ${survivors.length} noticed by nobody${survivors.length === 0 ? '' : `: ${survivors.join('; ')}`}`);
    return survivors.length === 0;
  } finally {
    tree.remove();
  }
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
