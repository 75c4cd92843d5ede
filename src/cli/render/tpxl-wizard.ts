import type { Language } from '../../core/glossary.ts';
import type { InspectedStep, InspectedWizard } from '../../ports/object-files.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent, showDetail } from './shown.ts';

export const TPXL_WIZARD_TEXTS = {
  head: {
    en: 'Wizard, {steps, plural, one {# step} other {# steps}}:',
    ru: 'Мастер, {steps, plural, one {# шаг} few {# шага} many {# шагов} other {# шага}}:',
  },
  none: { en: 'Wizard: no steps', ru: 'Мастер: шагов нет' },
  unreadable: { en: 'Wizard: its text can’t be read; see tpxl verify', ru: 'Мастер: текст не читается; см. tpxl verify' },
  noCaption: { en: 'without a caption', ru: 'без подписи' },
  must: { en: 'must be filled in', ru: 'обязательно' },
  may: { en: 'may stay empty', ru: 'можно оставить пустым' },
  optionalStep: { en: 'optional step', ru: 'необязательный шаг' },
  rows: { en: 'chosen rows', ru: 'выбранные строки' },
  rowsBy: { en: 'chosen rows by {column}', ru: 'выбранные строки по {column}' },
  value: { en: 'a value', ru: 'значение' },
  unknownParameters: { en: 'it is not known what it gives', ru: 'что передаёт, не известно' },
  unseen: { en: 'form not seen in real task types', ru: 'форма в настоящих типах задач не встречалась' },
} satisfies Record<string, Sentence>;

/** The steps one below the other, as the person who fills them in meets them. */
export function drawWizard(wizard: InspectedWizard, language: Language): readonly string[] {
  if (wizard.steps.length === 0) return [say(TPXL_WIZARD_TEXTS.none, language)];
  const last = wizard.steps.length - 1;
  return [
    say(TPXL_WIZARD_TEXTS.head, language, { steps: wizard.steps.length }),
    ...wizard.steps.flatMap((step, index) => drawStep(step, { language, last: index === last })),
  ];
}

function drawStep(step: InspectedStep, { language, last }: { readonly language: Language; readonly last: boolean }): readonly string[] {
  const title = showDetail(step.caption) || say(TPXL_WIZARD_TEXTS.noCaption, language);
  const marks = [
    ...(step.needed ? [] : [say(TPXL_WIZARD_TEXTS.optionalStep, language)]),
    say(step.choiceNeeded ? TPXL_WIZARD_TEXTS.must : TPXL_WIZARD_TEXTS.may, language),
  ];
  const options = step.options.map(({ key, value }) => showDetail(`${key} = ${value}`));
  const inner = [
    ...(step.heading === '' || step.heading === step.caption ? [] : [`«${showDetail(step.heading)}»`]),
    ...(step.hint === '' ? [] : [showDetail(step.hint)]),
    `→ ${gives(step, language)}`,
    [showDetail(step.form), ...(step.seen ? [] : [say(TPXL_WIZARD_TEXTS.unseen, language)]), ...options].join(', '),
  ];
  return [`${last ? '└' : '├'}─ ${step.order}. ${title} (${marks.join(', ')})`, ...indent(inner, last ? '      ' : '│     ')];
}

function gives(step: InspectedStep, language: Language): string {
  if (step.parameters === null) return say(TPXL_WIZARD_TEXTS.unknownParameters, language);
  const names = step.parameters.map((name) => `%${showDetail(name)}`).join(', ');
  const kind =
    step.kind === 'rows'
      ? step.keyColumn === null
        ? say(TPXL_WIZARD_TEXTS.rows, language)
        : say(TPXL_WIZARD_TEXTS.rowsBy, language, { column: step.keyColumn })
      : step.kind === 'value'
        ? say(TPXL_WIZARD_TEXTS.value, language)
        : null;
  return kind === null ? names : `${names}: ${kind}`;
}
