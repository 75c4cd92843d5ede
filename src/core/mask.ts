/** What logs may show of a customer: enough to tell two apart beside their ids, too little to call or to name anybody. */
const DOT = '•';
const MOST_WORDS = 4;

/** `+7 921 123-45-67` → `7••••••••67`; up to six digits are hidden wholly. What else stood in the field is not shown. */
export function maskPhone(phone: string): string {
  const digits = phone.slice(0, 200).replace(/\D/g, '').slice(0, 15);
  if (digits.length <= 6) return DOT.repeat(Math.max(3, digits.length));
  return `${digits.slice(0, 1)}${DOT.repeat(digits.length - 3)}${digits.slice(-2)}`;
}

/** `Иван Петров` → `И••• П•••`: first letters, not the words' lengths. Of a packed name pass `plainText`. */
export function maskName(name: string): string {
  const words = name.slice(0, 200).match(/[\p{L}\p{N}]+/gu) ?? [];
  const shown = words.slice(0, MOST_WORDS).map((word) => `${[...word].slice(0, 1).join('')}${DOT.repeat(3)}`);
  return shown.length === 0 ? DOT.repeat(3) : shown.join(' ');
}
