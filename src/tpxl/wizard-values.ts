import { fault } from './text-problem.ts';
import type { TextProblem } from './text-problem.ts';
import type { Renaming } from './wizard.ts';

export type Complain = (problem: TextProblem) => void;

interface Place {
  readonly at: number;
  readonly complain: Complain;
}

/** `a;b;`: every item is followed by its mark. */
export function readList(value: string, { at, complain }: Place): readonly string[] {
  if (value === '') return [];
  if (!value.endsWith(';')) complain(fault('wizard_list', at, { found: value.slice(0, 40) }));
  const items = (value.endsWith(';') ? value.slice(0, -1) : value).split(';');
  if (items.includes('')) complain(fault('wizard_list', at, { found: value.slice(0, 40) }));
  return items.filter((item) => item !== '');
}

/** `from=to;from=to;` */
export function readRenamings(value: string, place: Place): readonly Renaming[] {
  return readList(value, place).flatMap((item) => {
    const match = /^([^=]+)=([^=]+)$/.exec(item);
    if (match !== null) return [{ from: match[1]!, to: match[2]! }];
    place.complain(fault('wizard_renaming', place.at, { found: item.slice(0, 40) }));
    return [];
  });
}

export function readCaption(value: string, { at, complain }: Place): string {
  if (/^0x(?:[\dA-F]{4})*$/.test(value)) return Buffer.from(value.slice(2), 'hex').toString('utf16le');
  complain(fault('wizard_caption', at, { found: value.slice(0, 40) }));
  return '';
}

export function readBoolean(value: string, { at, complain }: Place): boolean {
  if (value !== 'True' && value !== 'False') complain(fault('wizard_boolean', at, { found: value.slice(0, 40) }));
  return value === 'True';
}

export function readNumber(value: string, { at, complain }: Place): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  complain(fault('wizard_number', at, { found: value.slice(0, 40) }));
  return 0;
}
