import { judgePushsmsFailure, judgePushsmsStatus } from '../core/sms-codes/pushsms.ts';
import type { SmsOutcome, SmsStatus } from '../core/sms-outcome.ts';
import { isRecord } from '../http/answer.ts';
import type { Gateway, GatewayTrouble, OutgoingSms } from '../ports/gateway.ts';
import type { Clock } from '../ports/host.ts';
import { isSameNumber, keep, readCount, readItems, readRoubles, readText, readWord } from './fields.ts';
import { inDoubt, judgeAsk, judgeSend, toOutcome, toTrouble } from './judge.ts';
import type { Reply } from './judge.ts';
import { createWire } from './wire.ts';
import type { GatewaySettings } from './wire.ts';

const ROOT = 'https://api.pushsms.ru/api/v1';
/** One question each, one after the other. */
const STATUSES_AT_ONCE = 25;
const UNKNOWN_ID = 404;

type Fields = Readonly<Record<string, unknown>>;

/**
 * PUSHSMS. `meta.code` counts, not the HTTP status. An unknown sender name is silently replaced by the operator's own, so the answer's is compared;
 * without `dispatch_routing` the account's messengers would come first. Our reference is the `external_id`; nobody says what a second one of the same
 * name gets, so nothing here relies on it.
 */
export function createPushsms({ settings, clock }: { readonly settings: GatewaySettings; readonly clock: Clock }): Gateway {
  const wire = createWire(settings, { root: ROOT, clock });
  const headers = { Authorization: `Bearer ${settings.key.reveal()}` };
  const ask = async <T extends { readonly answer: string }>(path: string, read: Read<T>): Promise<T | GatewayTrouble> => {
    const exchange = await wire.call(path, { method: 'GET', headers });
    const now = wire.now();
    return judgeAsk<T>(exchange, { now, scrub: wire.scrub(), read: (reply) => readFound(reply, { read, now }) });
  };
  const readStatus = (gatewayId: string): ReturnType<typeof ask<OneStatus>> =>
    ask(`/delivery/${encodeURIComponent(gatewayId)}`, (json, code) => readOneStatus(json, { code, gatewayId }));

  return {
    name: 'pushsms',
    statusesAtOnce: STATUSES_AT_ONCE,
    send: async (sms, mayBegin) => {
      const request = { headers: { ...headers, 'Content-Type': 'application/json' }, body: compose(sms, settings.sender), mayBegin };
      return judgeSend(await wire.call('/delivery', request), {
        now: wire.now(),
        scrub: wire.scrub(sms),
        read: (reply) => readSent(reply, { sms, sender: settings.sender }),
      });
    },
    readCost: async () => ({ answer: 'unsupported' }),
    readBalance: () => ask('/account', readBalance),
    readSenders: () => ask('/account', readSenders),
    readStatuses: async (ids) => {
      const statuses: SmsStatus[] = [];
      for (const id of ids) {
        const answer = await readStatus(id);
        if (answer.answer === 'status') statuses.push(answer.status);
        else if (statuses.length > 0) break;
        else return answer;
      }
      return { answer: 'statuses', statuses };
    },
    close: () => {
      wire.close();
    },
  };
}

/** Reads a success, or a failure that is an answer of its own; null = of another shape, or no answer. */
type Read<T> = (json: Fields, code: number) => T | null;

interface OneStatus {
  readonly answer: 'status';
  readonly status: SmsStatus;
}

function compose({ number, text, reference }: OutgoingSms, sender: string): string {
  const named = sender === '' ? {} : { sender_name: sender };
  return JSON.stringify({ text, phone: number, ...named, dispatch_routing: ['sms'], external_id: reference });
}

function readSent({ json, status }: Reply, { sms, sender }: { readonly sms: OutgoingSms; readonly sender: string }): SmsOutcome | null {
  const code = codeOf(json);
  if (!isRecord(json) || code === null) return null;
  if (code !== 200) return toOutcome(judgePushsmsFailure(code, fieldsIn(json)), { accepted: null, detail: tell(json) });
  if (status >= 400) return null;
  const { delivery } = json;
  if (!isRecord(delivery) || !isOurs(delivery, sms)) return inDoubt('mismatch', keep(json));
  const gatewayId = readWord(delivery['id']);
  const statusId = statusIdOf(delivery);
  if (statusId === null && gatewayId === null) return inDoubt('mismatch', keep(json));
  const used = readWord(delivery['sender_name']);
  const isReplaced = sender !== '' && used !== null && used.toLowerCase() !== sender.toLowerCase();
  const accepted = {
    gatewayId,
    segments: readCount(delivery['total_sms']),
    cost: readRoubles(delivery['sum']),
    warning: isReplaced ? ('sender_replaced' as const) : null,
  };
  // An id under a success and no status yet: taken, or there would be no id.
  const { send } = judgePushsmsStatus(statusId ?? '6');
  return toOutcome(send, { accepted, detail: keep(delivery) });
}

/** What the delivery says of itself must fit; what it leaves out it doesn't deny. */
function isOurs(delivery: Fields, { number, reference }: OutgoingSms): boolean {
  const told = readWord(delivery['external_id']);
  return (!('phone' in delivery) || isSameNumber(delivery['phone'], number)) && (told === null || told === reference);
}

/** Flat in the answer to a send, nested in that to a question; both are taken from both. */
function statusIdOf(delivery: Fields): string | null {
  const { status } = delivery;
  const word = readWord(delivery['status_id']) ?? (isRecord(status) ? readWord(status['status_id'] ?? status['id']) : null);
  return word !== null && /^\d{1,9}$/.test(word) ? word : null;
}

function readFound<T extends { readonly answer: string }>(
  { json, status }: Reply,
  { read, now }: { readonly read: Read<T>; readonly now: number },
): T | GatewayTrouble | null {
  const code = codeOf(json);
  if (!isRecord(json) || code === null || (code === 200 && status >= 400)) return null;
  const found = read(json, code);
  if (found !== null || code === 200) return found;
  return toTrouble(judgePushsmsFailure(code, fieldsIn(json)), { now, detail: tell(json) });
}

function readBalance(json: Fields, code: number): { readonly answer: 'balance'; readonly roubles: string } | null {
  const account = code === 200 ? accountIn(json) : {};
  const roubles = readRoubles(account['total_amount'] ?? account['balance']);
  return roubles === null ? null : { answer: 'balance', roubles };
}

/** A name that stands in the account may be used; that it isn't one would be replaced in silence. */
function readSenders(
  json: Fields,
  code: number,
): { readonly answer: 'senders'; readonly senders: readonly { name: string; approved: true }[] } | null {
  const names = code === 200 ? accountIn(json)['sender_names'] : null;
  if (!Array.isArray(names) && !isRecord(names)) return null;
  const found = readItems(names).flatMap((entry) => readWord(isRecord(entry) ? (entry['name'] ?? entry['sender_name']) : entry) ?? []);
  return { answer: 'senders', senders: found.map((name) => ({ name, approved: true })) };
}

function accountIn(json: Fields): Fields {
  return isRecord(json['account']) ? json['account'] : {};
}

function readOneStatus(json: Fields, { code, gatewayId }: { readonly code: number; readonly gatewayId: string }): OneStatus | null {
  if (code === UNKNOWN_ID) return { answer: 'status', status: { gatewayId, status: 'unknown', code: String(code), cost: null } };
  const { delivery } = json;
  if (code !== 200 || !isRecord(delivery)) return null;
  const id = readWord(delivery['id']);
  const statusId = id === null || id === gatewayId ? statusIdOf(delivery) : null;
  if (statusId === null) return { answer: 'status', status: { gatewayId, status: 'pending', code: 'absent', cost: null } };
  const { status } = judgePushsmsStatus(statusId);
  return { answer: 'status', status: { gatewayId, status, code: statusId, cost: readRoubles(delivery['sum']) } };
}

function codeOf(json: unknown): number | null {
  const meta = isRecord(json) ? json['meta'] : null;
  const code = Number(isRecord(meta) ? (readWord(meta['code']) ?? Number.NaN) : Number.NaN);
  return Number.isInteger(code) ? code : null;
}

function fieldsIn(json: Fields): readonly string[] {
  return Object.keys(errorsIn(json));
}

function errorsIn(json: Fields): Fields {
  const meta = isRecord(json['meta']) ? json['meta'] : {};
  return [meta['errors'], json['errors']].find(isRecord) ?? {};
}

/** The errors' names are fields of ours, their values the operator's words. */
function tell(json: Fields): string {
  const meta = isRecord(json['meta']) ? json['meta'] : {};
  const errors = Object.entries(errorsIn(json)).map(([field, said]) =>
    `${field}: ${readItems(said).concat(readText(said)).join(' ')}`.trim(),
  );
  return [String(codeOf(json) ?? ''), readText(meta['message']), ...errors].filter((part) => part !== '').join('; ');
}
