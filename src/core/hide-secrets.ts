const MASK = '***';

/** Makes a text's secrets unreadable, however they were spelt for the wire. Those of one to three characters are masked as whole words only, or they would mask half of every text. */
export function createMask(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap(spellings))].toSorted((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  const pattern = new RegExp(forms.map(toPattern).join('|'), 'giu');
  return (text) => text.replace(pattern, MASK);
}

/** As it is, in addresses, in forms, in JSON, and in JSON told in JSON. */
function spellings(secret: string): readonly string[] {
  if (secret === '') return [];
  const whole = secret.toWellFormed();
  const quoted = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams({ '': whole }).toString().slice(1);
  return [secret, encodeURIComponent(whole), encodeURI(whole), form, quoted, JSON.stringify(quoted).slice(1, -1)];
}

function toPattern(form: string): string {
  const escaped = form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return form.length < 4 ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}
