import { X509Certificate } from 'node:crypto';
import { Secret } from '../../core/secret.ts';
import type { Finding } from '../../core/settings.ts';
import { decodeText } from './decode.ts';
import { echo } from './echo.ts';
import { isOpenToOthers, OTHERS_READ, readVariable, type SettingsHost } from './files.ts';
import { shownValue, type Given } from './given.ts';
import type { SecretCheck } from './notes.ts';
import { openProblem } from './open-to-others.ts';
import { baseOf, pathsOf, type Surroundings } from './places.ts';
import { problemAt, type ProblemArgs, type ProblemCode, type SettingsProblem, type Source } from './problem.ts';
import type { SecretReference } from './reference.ts';
import { ServerAddress } from './server-address.ts';

/** A value as the program uses it: references followed, paths made absolute, files read. */
export interface Settled {
  readonly source: Source;
  /** Undefined where `problem` is set. */
  readonly value: unknown;
  /** What `settings show` prints; asterisks for a secret. */
  readonly shown: string;
  readonly problem: SettingsProblem | null;
  readonly findings: readonly Finding[];
}

type Wrong = { readonly code: ProblemCode; readonly args?: ProblemArgs };
const LONGEST_PATH = 300;
const AUTHORITIES: ReadonlySet<string> = new Set(['sqlServer.ca', 'telegram.ca', 'sms.ca']);

/** Follows what a value refers to. */
export function settle({ field, source, written, value }: Given, surroundings: Surroundings): Settled {
  const { secret, path } = field.notes;
  const plain: Settled = { source, value, shown: shownValue(value, written), problem: null, findings: [] };
  if (value === null || value === undefined) return plain;
  const refuse = ({ code, args = {} }: Wrong): Settled => ({
    ...plain,
    value: undefined,
    problem: problemAt(field.path, source, { code, args }),
  });
  if (secret !== undefined) {
    const reference = value as SecretReference;
    const answer = readSecret(reference, { source, check: secret, surroundings });
    const shown = { ...plain, shown: shownReference(reference) };
    return 'code' in answer
      ? { ...refuse(answer), shown: shown.shown }
      : {
          ...shown,
          value: answer.secret,
          findings: answer.exposed ? [{ code: 'secret_file_readable', args: { path: field.path, file: answer.exposed } }] : [],
        };
  }
  if (path === undefined) return plain;
  if (value instanceof ServerAddress) return { ...plain, shown: value.toString() };
  const absolute = pathsOf(surroundings.host).resolve(baseOf(source, surroundings.host, surroundings.folder), value as string);
  if (!AUTHORITIES.has(field.path)) return { ...plain, value: absolute, shown: absolute };
  const authority = readAuthority(absolute, surroundings.host);
  return 'code' in authority ? refuse(authority) : { ...plain, value: authority.pem, shown: absolute };
}

/** Names the place, never the secret. */
function shownReference(reference: SecretReference): string {
  if (reference.kind === 'literal') return '***';
  return reference.kind === 'environment' ? `*** (env:${echo(reference.name)})` : `*** (file:${echo(reference.path, LONGEST_PATH)})`;
}

type SecretAnswer = Wrong | { readonly secret: Secret; readonly exposed: string | null };

function readSecret(
  reference: SecretReference,
  { source, check, surroundings }: { readonly source: Source; readonly check: SecretCheck; readonly surroundings: Surroundings },
): SecretAnswer {
  // A literal was checked with the settings it stands in.
  if (reference.kind === 'literal') return { secret: reference.secret, exposed: null };
  if (reference.kind === 'environment') {
    const text = readVariable(surroundings.host, reference.name);
    return text === undefined ? { code: 'secret_variable_missing', args: { variable: echo(reference.name) } } : accept(text, check, null);
  }
  // Who may fill in a task's form must not make the program read any file and send it to a gateway.
  if (source.from === 'parameter') return { code: 'reference_refused' };
  const path = pathsOf(surroundings.host).resolve(baseOf(source, surroundings.host, surroundings.folder), reference.path);
  const file = echo(path, LONGEST_PATH);
  const answer = surroundings.host.read(path);
  if (answer.answer === 'missing') return { code: 'secret_file_missing', args: { file } };
  const text = answer.answer === 'file' ? decodeText(answer.bytes) : null;
  if (answer.answer !== 'file' || text === null) return { code: 'secret_file_unreadable', args: { file } };
  const open = isOpenToOthers(answer);
  if (open !== null) return openProblem(open, file);
  return accept(text, check, answer.mode !== null && (answer.mode & OTHERS_READ) !== 0 ? file : null);
}

function accept(written: string, check: SecretCheck, exposed: string | null): SecretAnswer {
  const text = written.trim();
  if (text === '') return { code: 'secret_empty' };
  return check(text) ?? { secret: new Secret(text), exposed };
}

function readAuthority(path: string, host: SettingsHost): Wrong | { readonly pem: string } {
  const file = echo(path, LONGEST_PATH);
  const answer = host.read(path);
  if (answer.answer === 'missing') return { code: 'ca_missing', args: { file } };
  const pem = answer.answer === 'file' ? decodeText(answer.bytes) : null;
  if (answer.answer !== 'file') return { code: 'ca_unreadable', args: { file } };
  const open = isOpenToOthers(answer);
  if (open !== null) return openProblem(open, file);
  return pem !== null && isPem(pem) ? { pem } : { code: 'ca_not_pem', args: { file } };
}

function isPem(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).subject !== undefined);
  } catch {
    return false;
  }
}
