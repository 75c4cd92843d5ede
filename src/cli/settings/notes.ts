import * as z from 'zod';
import type { ProblemCode } from './problem.ts';

/** What is wrong with a secret's text, once it is known. */
export type SecretCheck = (text: string) => { readonly code: ProblemCode; readonly args?: Readonly<Record<string, string>> } | null;

/** What the program and its docs know of a setting beside its type. Texts go into the JSON Schema and `settings show --explain`. */
export interface SettingNotes {
  readonly en: string;
  readonly ru: string;
  /** In the form a person would write; parsed by the same schema. Absent = none, or it depends on other settings. */
  readonly default?: string | number | boolean | readonly string[];
  /** Never shown, taken by reference, and no flag gives it. */
  readonly secret?: SecretCheck;
  /** Relative to the place that names it. */
  readonly path?: true;
}

export const settingNotes = z.registry<SettingNotes>();

/** Makes a schema an optional setting with its notes. */
export function setting<T extends z.ZodType>(schema: T, notes: SettingNotes) {
  const made = schema.optional().meta({ description: notes.en });
  settingNotes.add(made, notes);
  return made;
}

/** A named section; unknown keys in it are problems. */
export function section<T extends z.ZodRawShape>(id: string, notes: { readonly en: string; readonly ru: string }, shape: T) {
  const made = z.strictObject(shape).meta({ id, description: notes.en });
  settingNotes.add(made, notes);
  return made;
}
