import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';

import { EXIT } from '../../core/exit-code.ts';
import type { Command } from '../command.ts';
import { say } from '../render/say.ts';
import { showDetail } from '../render/shown.ts';
import { TPXL_RESULTS } from '../render/tpxl-build-texts.ts';
import { sayBuildProblem } from '../render/tpxl-findings.ts';
import { isFolder, readIfThere, readWhole, writeWhole } from '../tpxl-disk.ts';

const DEFINITION = 'definition.yaml';

/** `tpxl build`: an object file out of a readable definition and the texts beside it. The same sources give the same bytes. */
export const buildTpxl: Command = async ({ doors, args, language }) => {
  const [source = '', out = ''] = args;
  const file = isFolder(source) ? join(source, DEFINITION) : source;
  const answer = (await doors.openObjectFiles()).build(readWhole(file), (name) => readIfThere(resolve(dirname(file), name)));
  const json = { schema: 1, command: 'tpxl build', definition: file, out };
  if (!answer.ok) {
    return {
      code: EXIT.no,
      text: [
        say(TPXL_RESULTS.notBuilt, language, { file: showDetail(file) }),
        ...answer.problems.map((problem) => sayBuildProblem(problem, language)),
      ].join('\n'),
      json: { ...json, exitCode: EXIT.no, problems: answer.problems },
    };
  }
  writeWhole(out, answer.bytes);
  const sum = createHash('sha256').update(answer.bytes).digest('hex');
  const { objects } = answer;
  const size = answer.bytes.length;
  return {
    code: EXIT.done,
    text: say(TPXL_RESULTS.built, language, { file: showDetail(out), size: String(size), sum }),
    json: { ...json, exitCode: EXIT.done, size, sha256: sum, objects },
  };
};
