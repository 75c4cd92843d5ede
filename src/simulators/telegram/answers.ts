/** What goes back over HTTP: Telegram's envelope as text, under the status that equals its error code. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Seconds, also sent as the header `Retry-After`. */
  readonly retryAfter?: number;
}

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
