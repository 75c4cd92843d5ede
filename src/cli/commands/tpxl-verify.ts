import { EXIT } from '../../core/exit-code.ts';
import type { Command } from '../command.ts';
import { say } from '../render/say.ts';
import { showDetail } from '../render/shown.ts';
import { TPXL_RESULTS } from '../render/tpxl-build-texts.ts';
import { sayFileFinding } from '../render/tpxl-findings.ts';
import { readWhole } from '../tpxl-disk.ts';

/** `tpxl verify`: what is wrong with an object file, and at which byte; remarks alone don't make it a bad one. */
export const verifyTpxl: Command = async ({ doors, args, language }) => {
  const [file = ''] = args;
  const files = await doors.openObjectFiles();
  const bytes = readWhole(file);
  const findings = files.verify(bytes);
  const faults = findings.filter(({ severity }) => severity === 'fault').length;
  const answer = faults === 0 ? files.inspect(bytes) : null;
  const objects = answer?.ok === true ? answer.inspection.objectCount : 0;
  const code = faults === 0 ? EXIT.done : EXIT.no;
  const head =
    faults === 0
      ? say(TPXL_RESULTS.good, language, { file: showDetail(file), objects })
      : say(TPXL_RESULTS.bad, language, { file: showDetail(file), faults });
  return {
    code,
    text: [head, ...findings.map((finding) => sayFileFinding(finding, language))].join('\n'),
    json: { schema: 1, command: 'tpxl verify', exitCode: code, file, faults, findings },
  };
};
