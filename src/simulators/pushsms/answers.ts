import type { Answer } from '../answer.ts';

export function succeed(fields: object): Answer {
  return { status: 200, body: JSON.stringify({ meta: { code: 200, status: 'success' }, ...fields }) };
}

/** The HTTP status is the code's. The text of 401 is the real one, the others are invented. */
export function fail(code: number, message: string, errors?: Readonly<Record<string, readonly string[]>>): Answer {
  return { status: code, body: JSON.stringify({ meta: { status: 'fail', message, code, errors } }) };
}
