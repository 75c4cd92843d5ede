import { formOf } from './forms.ts';
import type { Form } from './forms.ts';
import type { WizardStep } from './wizard.ts';

export interface StepOutputs {
  readonly form: Form | null;
  /** Under which names the script gets them; null for a form whose own names can't be known. */
  readonly names: readonly string[] | null;
  /** Renamings of what this form is not known to give. */
  readonly strangers: readonly string[];
}

/** Names don't mind the case, here as in the script. */
export function stepOutputs({ form: formClass, paramsOut }: WizardStep): StepOutputs {
  const form = formOf(formClass);
  if (form === null) return { form, names: paramsOut.length === 0 ? null : paramsOut.map(({ to }) => to), strangers: [] };
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const strangers = paramsOut.filter(({ from }) => !form.parameters.some((own) => same(own, from)));
  const names = form.parameters.map((own) => paramsOut.find(({ from }) => same(from, own))?.to ?? own);
  // A form by the rule may give what the rule doesn't say.
  return {
    form,
    names: form.seen ? names : [...new Set(paramsOut.length === 0 ? names : paramsOut.map(({ to }) => to))],
    strangers: strangers.map(({ from }) => from),
  };
}
