import * as z from 'zod';
import { LANGUAGES, type Language } from '../../core/glossary.ts';
import { checkInvitation, INVITATION_VARIABLES } from '../../core/invitation-text.ts';
import { NOTICE_VARIABLES } from '../../core/notice-texts.ts';
import { checkTemplate, type TemplateProblem, type TemplateVariables } from '../../core/template.ts';
import { checkUnit } from '../../core/unit.ts';
import { echo } from './echo.ts';
import { nearest } from './nearest.ts';
import type { ProblemArgs, ProblemCode } from './problem.ts';

/** A text in at least one language; what is wrong with each stands at its own path. */
function checkedTexts(max: number, check: (text: string, language: Language) => readonly TemplateProblem[]) {
  const text = z.string().max(max).optional();
  return z.strictObject({ ru: text, en: text }).superRefine((texts, context) => {
    const written = LANGUAGES.filter((language) => texts[language] !== undefined);
    if (written.length === 0) context.addIssue({ code: 'custom', params: { code: 'text_without_language', args: {} } });
    for (const language of written) {
      for (const problem of check(texts[language]!, language))
        context.addIssue({ code: 'custom', path: [language], params: paramsOf(problem) });
    }
  });
}

function paramsOf(
  { code, position, variable, detail }: TemplateProblem,
  known: TemplateVariables = NOTICE_VARIABLES,
): { readonly code: ProblemCode; readonly args: ProblemArgs } {
  const near = variable === undefined ? null : nearest(variable, Object.keys(known));
  const args: ProblemArgs = {
    line: position?.line ?? 1,
    column: position?.column ?? 1,
    ...(variable === undefined ? {} : { variable: echo(variable) }),
    ...(detail === undefined ? {} : { detail: echo(detail) }),
    ...(near === null || near === variable ? {} : { nearest: near }),
  };
  return { code: `template_${code}`, args };
}

/** A notice's template by language: HTML with ICU MessageFormat variables. */
export const icuTemplate = checkedTexts(8_000, (text, language) => checkTemplate(text, language, NOTICE_VARIABLES));

/** A unit's text by language: a sign, or an ICU plural. */
export const unitText = checkedTexts(500, checkUnit);

/** An invitation's template in one language: plain text with ICU MessageFormat variables. */
export function smsText(language: Language) {
  return z
    .string()
    .max(1_000)
    .superRefine((text, context) => {
      for (const problem of checkInvitation(text, language))
        context.addIssue({ code: 'custom', params: paramsOf(problem, INVITATION_VARIABLES) });
    });
}
