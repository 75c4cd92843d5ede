import type { CustomerId, Language, OperationId, TaskId } from '../../core/glossary.ts';
import { LONGEST_MESSAGE } from '../../core/html.ts';
import type { NoticeFallback } from '../../core/notice.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';
import { indent } from './shown.ts';

/** A notice as the guest will see it. */
export interface PreviewedNotice {
  readonly taskId: TaskId;
  readonly operationId: OperationId;
  readonly customerId: CustomerId;
  readonly language: Language;
  readonly html: string;
  /** Without Telegram's formatting. */
  readonly text: string;
  /** As Telegram counts it. */
  readonly length: number;
  /** Index in `notice.templates`; null = the program's own text. */
  readonly template: number | null;
  /** Why the program's own text stands in for the template. */
  readonly fallback: NoticeFallback | null;
}

export const PREVIEW_TEXTS = {
  head: {
    en: 'Task {task}, operation {operation}, guest’s language {language}:',
    ru: 'Задача {task}, операция {operation}, язык гостя {language}:',
  },
  length: { en: '{length} of {longest} characters; {template}', ru: 'Символов {length} из {longest}; {template}' },
  own: { en: 'text: notice.templates, no. {n}', ru: 'текст: notice.templates, № {n}' },
  builtIn: { en: 'the program’s own text', ru: 'собственный текст программы' },
} satisfies Record<string, Sentence>;

export const FALLBACK_WORDS: Readonly<Record<NoticeFallback, Sentence>> = {
  broken: { en: 'but it is broken, so the program’s own text stands in', ru: 'но он с ошибкой, вместо него – собственный текст программы' },
  empty: {
    en: 'but it shows nothing here, so the program’s own text stands in',
    ru: 'но здесь он ничего не показывает, вместо него – собственный текст программы',
  },
  too_long: {
    en: 'but it is too long here, so the program’s own text stands in',
    ru: 'но здесь он слишком длинный, вместо него – собственный текст программы',
  },
};

export function renderPreview(notice: PreviewedNotice, language: Language): string {
  const { taskId, operationId, text, length, template, fallback } = notice;
  const used = template === null ? say(PREVIEW_TEXTS.builtIn, language) : say(PREVIEW_TEXTS.own, language, { n: template + 1 });
  const instead = fallback === null ? '' : `, ${say(FALLBACK_WORDS[fallback], language)}`;
  return [
    say(PREVIEW_TEXTS.head, language, { task: taskId, operation: operationId, language: notice.language }),
    '',
    ...indent(text.split('\n'), '    '),
    '',
    say(PREVIEW_TEXTS.length, language, { length, longest: LONGEST_MESSAGE, template: used + instead }),
  ].join('\n');
}
