import * as z from 'zod';
import { settingNotes } from './notes.ts';
import { settingsSchema } from './schema.ts';

/**
 * The published JSON Schema of a settings file (`docs/settings.schema.json`): editors complete and check by it. Descriptions are English,
 * `x-description-ru` is the same in Russian.
 */
export function settingsJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(settingsSchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const notes = settingNotes.get(zodSchema);
      if (notes === undefined) return;
      // zod leaves out the defaults of what it transforms, which is most of ours.
      const kept = 'default' in notes ? { default: notes.default } : {};
      Object.assign(jsonSchema, { ...kept, 'x-description-ru': notes.ru });
    },
  });
}
