import type { Answer, OwnErrors } from '../answer.ts';

// Telegram's envelope, under the HTTP status that equals its error code.

/** `result` is JSON text already, so that the busiest method need not build objects. */
export function succeed(result: string, description?: string): Answer {
  const said = description === undefined ? '' : `,"description":${JSON.stringify(description)}`;
  return { status: 200, body: `{"ok":true,"result":${result}${said}}` };
}

export function fail(code: number, description: string, parameters?: Readonly<Record<string, number>>): Answer {
  return { status: code, body: JSON.stringify({ ok: false, error_code: code, description, parameters }) };
}

export function tooMany(seconds: number): Answer {
  return { ...fail(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds }), retryAfter: seconds };
}

/** Telegram lowers the first letter of what TDLib said, unless it is a code in capitals. */
export function badRequest(said: string): Answer {
  const keep = /^.(?:_|[A-Z])/.test(said);
  return fail(400, `Bad Request: ${keep ? said : said.slice(0, 1).toLowerCase() + said.slice(1)}`);
}

export const TELEGRAM_ERRORS: OwnErrors = { broken: fail(500, 'Internal Server Error: restart'), tooMany };
