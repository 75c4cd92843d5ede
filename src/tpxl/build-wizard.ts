import type { TaskTypeDefinition } from './definition.ts';
import { stepOutputs } from './step-outputs.ts';
import type { Wizard, WizardStep } from './wizard.ts';

/** Steps in the order given; the header names what they give to the script. */
export function wizardOf(given: TaskTypeDefinition['wizard']): Wizard {
  const steps = given.map((step, index): WizardStep => ({
    form: step.form,
    paramsIn: [],
    paramsOut: Object.entries(step.rename).map(([from, to]) => ({ from, to })),
    hintMessage: step.hint,
    hintCaption: step.heading,
    viewCaption: step.caption,
    needed: step.needed,
    orderNo: step.order ?? index + 1,
    enableNeededSelect: step.choiceNeeded,
    internalName: `${step.form}_${step.id.toUpperCase()}`,
    interfaceParams: Object.entries(step.options).map(([key, value]) => ({
      key,
      value: typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value),
    })),
  }));
  const inOrder = steps.toSorted((a, b) => a.orderNo - b.orderNo);
  return { neededParams: inOrder.flatMap((step) => stepOutputs(step).names ?? []), steps };
}
