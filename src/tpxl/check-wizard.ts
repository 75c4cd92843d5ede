import { isGuid } from './guid.ts';
import type { ReadWizard } from './read-wizard.ts';
import type { SqlParameter } from './sql-parameters.ts';
import { stepOutputs } from './step-outputs.ts';
import { fault, remark } from './text-problem.ts';
import type { TextProblem } from './text-problem.ts';

type WizardWithPlaces = NonNullable<ReadWizard['wizard']>;

/** What the steps give, what the header says they give, and what the script reads must be the same names. */
export function checkWizard(wizard: WizardWithPlaces, used: readonly SqlParameter[]): readonly TextProblem[] {
  const problems: TextProblem[] = [];
  const needed = new Set(wizard.neededParams.map(lower));
  const given = new Map<string, number>();
  let unknownForm = false;
  for (const step of wizard.steps) {
    const { form, names, strangers } = stepOutputs(step);
    const at = step.places.SelectFormClass ?? step.at;
    if (form === null) problems.push(remark('form_unknown', at, { form: step.form }));
    else if (!form.seen) problems.push(remark('form_by_rule', at, { form: step.form, parameter: form.parameters.join(', ') }));
    const outAt = step.places.ParamsOut ?? step.at;
    for (const from of strangers)
      problems.push((form?.seen === true ? fault : remark)('renaming_unknown', outAt, { form: step.form, parameter: from }));
    unknownForm ||= names === null;
    for (const name of names ?? []) {
      if (given.has(lower(name))) problems.push(fault('parameter_given_twice', outAt, { parameter: name }));
      given.set(lower(name), outAt);
      if (!needed.has(lower(name))) problems.push(fault('parameter_not_in_header', outAt, { parameter: name }));
    }
    problems.push(...checkStep(step, wizard));
  }
  const read = new Set(used.map(({ name }) => lower(name)));
  for (const name of wizard.neededParams) {
    if (!given.has(lower(name)) && !unknownForm) problems.push(fault('parameter_not_given', wizard.neededAt, { parameter: name }));
    if (!read.has(lower(name))) problems.push(fault('parameter_not_read', wizard.neededAt, { parameter: name }));
  }
  return problems;
}

function checkStep(step: WizardWithPlaces['steps'][number], { steps }: WizardWithPlaces): readonly TextProblem[] {
  const problems: TextProblem[] = [];
  const nameAt = step.places.InternalName ?? step.at;
  const prefix = `${step.form}_`;
  if (!step.internalName.startsWith(prefix) || !isGuid(step.internalName.slice(prefix.length)))
    problems.push(fault('internal_name', nameAt, { found: step.internalName.slice(0, 120), form: step.form }));
  const former = steps.slice(0, steps.indexOf(step));
  if (former.some(({ internalName }) => internalName === step.internalName))
    problems.push(fault('internal_name_twice', nameAt, { found: step.internalName.slice(0, 120) }));
  if (former.some(({ orderNo }) => orderNo === step.orderNo))
    problems.push(remark('order_twice', step.places.OrderNo ?? step.at, { order: step.orderNo }));
  return problems;
}

function lower(name: string): string {
  return name.toLowerCase();
}
