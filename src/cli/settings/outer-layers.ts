import { fieldOf, FIELDS, fieldOfVariable, SETTINGS_VARIABLE, VARIABLE_PREFIX } from './fields.ts';
import type { SettingsHost } from './files.ts';
import { fromText } from './from-text.ts';
import { giveValue, layerOf, type Layer } from './given.ts';
import { nearest } from './nearest.ts';
import { problemAt, type SettingsProblem } from './problem.ts';
import type { SecretReference } from './reference.ts';

/** A flag that stands for a setting, as it was typed. */
export interface FlagValue {
  /** Dotted path of the setting. */
  readonly path: string;
  /** As typed, for messages: `--language`. */
  readonly flag: string;
  readonly text: string;
}

export interface OuterLayer {
  readonly layer: Layer;
  readonly problems: readonly SettingsProblem[];
}

/** What the command line gives. Throws for a setting that has no flag: no command may offer one for a secret. */
export function readFlags(flags: readonly FlagValue[]): OuterLayer {
  return layerOf(
    flags.map(({ path, flag, text }) => {
      const field = fieldOf(path);
      if (field.flag === null) throw new RangeError(`${path} takes no flag`);
      return giveValue(field, fromText(field, text), { from: 'flag', flag });
    }),
  );
}

/** What the environment gives; an empty variable counts as unset. */
export function readEnvironment(host: SettingsHost): OuterLayer {
  const given = ourVariables(host).flatMap(({ variable, written, text }) => {
    const field = fieldOfVariable(variable);
    return field === undefined || text === '' ? [] : [giveValue(field, fromText(field, text), { from: 'environment', variable: written })];
  });
  return layerOf(given);
}

/** Variables under our prefix that mean nothing: misspelt, unless a secret's reference names them. */
export function findUnknownVariables(host: SettingsHost, layers: readonly Layer[]): readonly SettingsProblem[] {
  const referred = new Set(
    layers.flatMap((layer) => [...layer.values()].flatMap(({ value }) => referredVariable(value)?.toUpperCase() ?? [])),
  );
  const known = [SETTINGS_VARIABLE, ...FIELDS.flatMap(({ variable }) => variable ?? [])];
  return ourVariables(host)
    .filter(({ variable }) => !known.includes(variable) && !referred.has(variable.toUpperCase()))
    .map(({ variable, written }) => {
      const near = nearest(variable, known);
      return problemAt(
        null,
        { from: 'environment', variable: written },
        { code: 'unknown_variable', args: { variable: written, ...(near === null ? {} : { nearest: near }) } },
      );
    });
}

/** Windows keeps the case a variable was made with, and doesn't mind it. */
function ourVariables(host: SettingsHost): readonly { readonly variable: string; readonly written: string; readonly text: string }[] {
  const spell = (name: string): string => (host.platform === 'win32' ? name.toUpperCase() : name);
  return Object.entries(host.environment)
    .map(([written, text]) => ({ variable: spell(written), written, text: text?.trim() ?? '' }))
    .filter(({ variable }) => variable.startsWith(VARIABLE_PREFIX));
}

function referredVariable(value: unknown): string | null {
  const reference = value as SecretReference | null | undefined;
  return reference?.kind === 'environment' ? reference.name : null;
}
