import type { Field } from './fields.ts';

const YES = new Set(['true', 'yes', 'on', '1', 'да']);
const NO = new Set(['false', 'no', 'off', '0', 'нет']);

/**
 * What a flag, a variable or a task parameter says, in the form that the file would have. Text that has no such form is returned as
 * it is: the schema then refuses it in its own words.
 */
export function fromText(field: Field, written: string): unknown {
  const text = written.trim();
  switch (field.writtenAs) {
    case 'number':
      return /^-?\d+(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : text;
    case 'boolean':
      return YES.has(text.toLowerCase()) ? true : NO.has(text.toLowerCase()) ? false : text;
    case 'list':
      return text.toLowerCase() === 'all' ? [] : text.split(/[\s,;]+/).filter((item) => item !== '');
    default:
      return text;
  }
}
