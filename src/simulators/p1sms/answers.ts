import type { Answer } from '../answer.ts';

export function succeed(data: unknown): Answer {
  return { status: 200, body: JSON.stringify({ status: 'success', data }) };
}

/** A request turned away whole. */
export function fail(status: number, said: { readonly message: string; readonly exception: string }): Answer {
  return { status, body: JSON.stringify({ status: 'error', data: said }) };
}

export function invalid(message: string): Answer {
  return fail(400, { message, exception: 'ValidationException' });
}
