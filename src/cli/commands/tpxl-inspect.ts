import { EXIT } from '../../core/exit-code.ts';
import type { Inspection } from '../../ports/object-files.ts';
import type { Command } from '../command.ts';
import { base64 } from '../long-text.ts';
import { say } from '../render/say.ts';
import { showDetail } from '../render/shown.ts';
import { TPXL_RESULTS } from '../render/tpxl-build-texts.ts';
import { sayFileFinding } from '../render/tpxl-findings.ts';
import { renderInspection } from '../render/tpxl-inspect.ts';
import { readWhole, writeAll } from '../tpxl-disk.ts';
import { extractTexts } from '../tpxl-extract.ts';

/** `tpxl inspect`: all that an object file holds; with `--extract` each text is written as a file of its own. */
export const inspectTpxl: Command = async ({ doors, args, flags, language }) => {
  const [file = ''] = args;
  const answer = (await doors.openObjectFiles()).inspect(readWhole(file));
  if (!answer.ok) {
    return {
      code: EXIT.usage,
      text: [say(TPXL_RESULTS.unreadable, language, { file: showDetail(file) }), sayFileFinding(answer.finding, language)].join('\n'),
      json: { schema: 1, command: 'tpxl inspect', exitCode: EXIT.usage, file, findings: [answer.finding] },
    };
  }
  const folder = typeof flags['extract'] === 'string' ? flags['extract'] : null;
  const extracted = folder === null ? [] : writeAll(folder, extractTexts(answer.inspection));
  const told = folder === null ? [] : ['', say(TPXL_RESULTS.extracted, language, { count: extracted.length, folder: showDetail(folder) })];
  return {
    code: EXIT.done,
    text: [renderInspection(answer.inspection, language), ...told].join('\n'),
    json: {
      schema: 1,
      command: 'tpxl inspect',
      exitCode: EXIT.done,
      file,
      ...forJson(answer.inspection),
      extracted,
    },
  };
};

/** Bytes as base64: JSON has none. */
function forJson(inspection: Inspection): object {
  const objects = mapped(inspection.objects, (object) => ({
    ...object,
    texts: mapped(object.texts, (text) => ({ ...text, bytes: text.bytes === null ? null : base64(text.bytes) })),
  }));
  return { ...inspection, objects };
}

/** Item by item, when it is gone through. */
function mapped<T, U>(items: Iterable<T>, convert: (item: T) => U): Iterable<U> {
  return {
    *[Symbol.iterator]() {
      for (const item of items) yield convert(item);
    },
  };
}
