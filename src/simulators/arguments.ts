import type { IncomingMessage } from 'node:http';

/** Parameters of a call; from JSON they keep their types, from a query or a form they are text. */
export type Arguments = Readonly<Record<string, unknown>>;

export type ParsedBody = { readonly arguments: Arguments } | { readonly problem: string };

/** Query and body together; the query wins where both have a name. Multipart is refused: this program never sends it. */
export function parseArguments(query: string, contentType: string, body: string): ParsedBody {
  const fromQuery = query === '' ? null : Object.fromEntries(new URLSearchParams(query));
  if (body === '') return { arguments: fromQuery ?? {} };
  const kind = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (kind === 'application/json') return parseJson(fromQuery, body);
  if (kind === 'application/x-www-form-urlencoded') {
    return { arguments: { ...Object.fromEntries(new URLSearchParams(body)), ...fromQuery } };
  }
  if (kind === 'multipart/form-data') return { problem: 'the simulator takes no multipart/form-data' };
  // Telegram ignores a body of a kind that it does not know.
  return { arguments: fromQuery ?? {} };
}

function parseJson(fromQuery: Arguments | null, body: string): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { problem: "can't parse JSON object" };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'JSON object expected' };
  return { arguments: fromQuery === null ? (value as Arguments) : { ...value, ...fromQuery } };
}

/** The whole body as UTF-8 text; null when the client went away in the middle. */
export function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      resolve(chunks.length === 1 ? (chunks[0] as Buffer).toString() : Buffer.concat(chunks).toString());
    });
    request.on('error', () => {
      resolve(null);
    });
    request.on('close', () => {
      resolve(null);
    });
  });
}

/** Empty when it is missing; objects as JSON text, as they come in a form. */
export function textOf(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : `${value as number | boolean}`;
}

export function flagOf(args: Arguments, name: string): boolean {
  const value = args[name];
  return value === true || ['true', 'yes', '1'].includes(textOf(args, name).toLowerCase());
}

/** What is no integer counts as 0, as in Telegram's own reader; then the bounds are applied. */
export function integerOf(
  args: Arguments,
  name: string,
  { missing, least, most }: { missing: number; least: number; most: number },
): number {
  const text = textOf(args, name);
  const value = text === '' ? missing : Number.parseInt(text, 10) || 0;
  return Math.min(Math.max(value, least), most);
}
