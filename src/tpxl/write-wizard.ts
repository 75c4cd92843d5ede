import { writeBlocks } from './block-text.ts';
import type { PlainItem } from './block-text.ts';
import type { Renaming, Wizard, WizardStep } from './wizard.ts';

/** The wizard as Tillypad stores it, to the character. */
export function writeWizard({ neededParams, steps }: Wizard): string {
  return writeBlocks([
    { key: 'Header', items: [{ key: 'NeededParams', value: neededParams.map((name) => `${name};`).join('') }] },
    { key: 'Steps', items: steps.map((step) => ({ key: 'Step', items: stepItems(step) })) },
  ]);
}

function stepItems(step: WizardStep): readonly PlainItem[] {
  return [
    { key: 'SelectFormClass', value: step.form },
    { key: 'ParamsIn', value: renamings(step.paramsIn) },
    { key: 'ParamsOut', value: renamings(step.paramsOut) },
    { key: 'HintMessage', value: writeCaption(step.hintMessage) },
    { key: 'HintCaption', value: writeCaption(step.hintCaption) },
    { key: 'ViewCaption', value: writeCaption(step.viewCaption) },
    { key: 'Needed', value: bool(step.needed) },
    { key: 'OrderNo', value: String(step.orderNo) },
    { key: 'EnableNeededSelect', value: bool(step.enableNeededSelect) },
    { key: 'InternalName', value: step.internalName },
    { key: 'InterfaceParams', items: step.interfaceParams },
  ];
}

function renamings(list: readonly Renaming[]): string {
  return list.map(({ from, to }) => `${from}=${to};`).join('');
}

function bool(value: boolean): string {
  return value ? 'True' : 'False';
}

/** `0x` and the text's UTF-16 bytes in capital hex digits. */
function writeCaption(text: string): string {
  return `0x${Buffer.from(text, 'utf16le').toString('hex').toUpperCase()}`;
}
