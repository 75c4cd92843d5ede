import { parseBlocks } from './block-text.ts';
import type { BlockItem } from './block-text.ts';
import { readBoolean, readCaption, readList, readNumber, readRenamings } from './wizard-values.ts';
import type { Complain } from './wizard-values.ts';
import { fault, remark } from './text-problem.ts';
import type { TextProblem } from './text-problem.ts';
import { STEP_KEYS } from './wizard.ts';
import type { StepKey, Wizard, WizardStep } from './wizard.ts';

/** Where a step and the values of its keys stand. */
export interface PlacedStep extends WizardStep {
  readonly at: number;
  readonly places: Readonly<Partial<Record<StepKey, number>>>;
}

export interface ReadWizard {
  /** Null where the text doesn't follow the grammar at all. */
  readonly wizard: (Wizard & { readonly steps: readonly PlacedStep[]; readonly neededAt: number }) | null;
  readonly problems: readonly TextProblem[];
}

/** Reads a wizard as far as it can be read, and says what is wrong with it. */
export function readWizard(text: string): ReadWizard {
  const parsed = parseBlocks(text);
  if (!parsed.ok) return { wizard: null, problems: [parsed.problem] };
  const problems: TextProblem[] = [];
  const complain: Complain = (problem) => void problems.push(problem);
  const header = block(parsed.items, 'Header', complain);
  const steps = block(parsed.items, 'Steps', complain);
  unknownKeys(parsed.items, ['Header', 'Steps'], complain);
  const needed = header?.items.find(({ key }) => key === 'NeededParams');
  if (header !== null && (needed === undefined || !('value' in needed)))
    complain(fault('wizard_key_missing', header.at, { key: 'NeededParams' }));
  const neededAt = needed !== undefined && 'value' in needed ? needed.valueAt : 0;
  const neededParams = needed !== undefined && 'value' in needed ? readList(needed.value, { at: neededAt, complain }) : [];
  if (steps !== null) unknownKeys(steps.items, ['Step'], complain);
  const read = (steps?.items ?? []).flatMap((item) => ('items' in item && item.key === 'Step' ? [readStep(item, complain)] : []));
  return { wizard: { neededParams, neededAt, steps: read }, problems };
}

type Block = Extract<BlockItem, { readonly items: readonly BlockItem[] }>;

function block(items: readonly BlockItem[], key: string, complain: Complain): Block | null {
  const found = items.find((item) => item.key === key);
  if (found !== undefined && 'items' in found) return found;
  complain(fault('wizard_key_missing', found?.at ?? 0, { key }));
  return null;
}

function unknownKeys(items: readonly BlockItem[], known: readonly string[], complain: Complain): void {
  for (const { key, at } of items) if (!known.includes(key)) complain(remark('wizard_key_unknown', at, { key }));
}

function readStep(step: Block, complain: Complain): PlacedStep {
  unknownKeys(step.items, STEP_KEYS, complain);
  const places: Partial<Record<StepKey, number>> = {};
  const take = (key: StepKey): { readonly value: string; readonly at: number; readonly complain: Complain } | null => {
    const found = step.items.find((item) => item.key === key);
    if (found === undefined || !('value' in found)) {
      complain(fault('wizard_key_missing', step.at, { key }));
      return null;
    }
    places[key] = found.valueAt;
    return { value: found.value, at: found.valueAt, complain };
  };
  const read = <T>(key: StepKey, convert: (value: string, place: { at: number; complain: Complain }) => T, absent: T): T => {
    const taken = take(key);
    return taken === null ? absent : convert(taken.value, taken);
  };
  const own = (value: string): string => value;
  return {
    at: step.at,
    places,
    form: read('SelectFormClass', own, ''),
    paramsIn: read('ParamsIn', readRenamings, []),
    paramsOut: read('ParamsOut', readRenamings, []),
    hintMessage: read('HintMessage', readCaption, ''),
    hintCaption: read('HintCaption', readCaption, ''),
    viewCaption: read('ViewCaption', readCaption, ''),
    needed: read('Needed', readBoolean, false),
    orderNo: read('OrderNo', readNumber, 0),
    enableNeededSelect: read('EnableNeededSelect', readBoolean, false),
    internalName: read('InternalName', own, ''),
    interfaceParams: interfaceParams(step, complain),
  };
}

function interfaceParams(step: Block, complain: Complain): WizardStep['interfaceParams'] {
  const found = step.items.find(({ key }) => key === 'InterfaceParams');
  if (found !== undefined && 'items' in found)
    return found.items.flatMap((item) => ('value' in item ? [{ key: item.key, value: item.value }] : []));
  complain(fault('wizard_key_missing', step.at, { key: 'InterfaceParams' }));
  return [];
}
