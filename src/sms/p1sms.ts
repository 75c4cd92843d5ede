import { judgeP1smsFailure, judgeP1smsStatus } from '../core/sms-codes/p1sms.ts';
import type { SmsVerdict } from '../core/sms-codes/verdict.ts';
import type { SmsOutcome, SmsStatus } from '../core/sms-outcome.ts';
import { isRecord } from '../http/answer.ts';
import type { Gateway, GatewayTrouble, OutgoingSms, SendersAnswer, StatusesAnswer } from '../ports/gateway.ts';
import type { Clock } from '../ports/host.ts';
import { isSameNumber, keep, readCount, readItems, readRoubles, readText, readWord } from './fields.ts';
import { inDoubt, judgeAsk, judgeSend, toOutcome, toTrouble } from './judge.ts';
import type { Reply } from './judge.ts';
import { createWire } from './wire.ts';
import type { GatewaySettings, Wire } from './wire.ts';

const ROOT = 'https://admin.p1sms.ru';
const JSON_BODY = { 'Content-Type': 'application/json' };
const LONGEST_TAG = 20;

type Fields = Readonly<Record<string, unknown>>;

/**
 * P1SMS. A sender name needs the channel `char`, without one the SMS comes from a number (`digit`), which may be moderated first. The tag carries our
 * reference and is a label only. The key travels in bodies, and in the query of what can only be asked by GET.
 */
export function createP1sms({ settings, clock }: { readonly settings: GatewaySettings; readonly clock: Clock }): Gateway {
  const wire = createWire(settings, { root: ROOT, clock });
  const apiKey = settings.key.reveal();
  const post = (path: string, fields: object, mayBegin?: () => boolean): ReturnType<Wire['call']> => {
    const body = JSON.stringify({ apiKey, ...fields });
    return wire.call(path, { headers: JSON_BODY, body, ...(mayBegin === undefined ? {} : { mayBegin }) });
  };
  const get = (path: string): ReturnType<Wire['call']> =>
    wire.call(`${path}?${new URLSearchParams({ apiKey }).toString()}`, { method: 'GET' });
  const judge = <T extends { readonly answer: string }>(
    exchange: Awaited<ReturnType<Wire['call']>>,
    read: (found: unknown) => T | null,
  ): T | GatewayTrouble => {
    const now = wire.now();
    return judgeAsk<T>(exchange, { now, scrub: wire.scrub(), read: (reply) => readFound(reply, { read, now }) });
  };

  return {
    name: 'p1sms',
    statusesAtOnce: 1_000,
    send: async (sms, mayBegin) =>
      judgeSend(await post('/apiSms/create', { sms: [compose(sms, settings.sender)] }, mayBegin), {
        now: wire.now(),
        scrub: wire.scrub(sms),
        read: (reply) => readSent(reply, sms.number),
      }),
    readCost: async () => ({ answer: 'unsupported' }),
    readBalance: async () => judge(await get('/apiUsers/getUserBalanceInfo'), readBalance),
    readSenders: async () => judge(await get('/apiUsers/getUserSenders'), readSenders),
    readStatuses: async (ids) => judge(await post('/apiSms/get', { apiSmsIdList: ids.map(toNumber) }), (found) => readStatuses(found, ids)),
    close: () => {
      wire.close();
    },
  };
}

function compose({ number, text, reference }: OutgoingSms, sender: string): object {
  const channel = sender === '' ? { channel: 'digit' } : { channel: 'char', sender };
  return { ...channel, text, phone: number, tag: reference.slice(0, LONGEST_TAG) };
}

/** Their ids are numbers in JSON; one that isn't goes as it came. */
function toNumber(id: string): number | string {
  const number = Number(id);
  return Number.isSafeInteger(number) && String(number) === id ? number : id;
}

function readSent({ json, status }: Reply, number: string): SmsOutcome | null {
  if (!isRecord(json)) return null;
  const items = itemsOf(json['data']);
  if (json['status'] === 'success') {
    if (status >= 400 || items === null) return null;
    const item = findItem(items, number);
    return item === null ? inDoubt('mismatch', keep(json)) : readItem(item);
  }
  if (!isFailure(json, status)) return null;
  const item = items === null ? null : findItem(items, number);
  // A whole request refused, and yet our SMS in it: its own refusal counts, anything else contradicts.
  if (item !== null) {
    const outcome = readItem(item);
    return outcome?.outcome === 'accepted' ? inDoubt('unreadable', keep(json)) : outcome;
  }
  return toOutcome(judgeFailure(json, status), { accepted: null, detail: tellFailure(json, status) });
}

function readItem(item: Fields): SmsOutcome | null {
  const word = readWord(item['status'])?.toLowerCase() ?? null;
  if (word === null) return null;
  const description = readText(item['errorDescription']);
  const { send } = judgeP1smsStatus(word, description);
  const accepted = {
    gatewayId: readWord(item['id']),
    segments: readCount(item['smsCount'] ?? item['parts']),
    cost: readRoubles(item['cost']),
    warning: null,
  };
  return toOutcome(send, { accepted, detail: send.verdict === 'accepted' ? keep(item) : `${word} ${description}`.trim() });
}

/** «data» of an answer that says yes; its refusal as trouble; null for what has another shape. A bare list is seen too. */
function readFound<T extends { readonly answer: string }>(
  { json, status }: Reply,
  { read, now }: { readonly read: (found: unknown) => T | null; readonly now: number },
): T | GatewayTrouble | null {
  if (Array.isArray(json)) return status < 400 ? read(json) : null;
  if (!isRecord(json)) return null;
  if (json['status'] === 'success') return status < 400 && 'data' in json ? read(json['data']) : null;
  if (!isFailure(json, status)) return null;
  return toTrouble(judgeFailure(json, status), { now, detail: tellFailure(json, status) });
}

function readBalance(found: unknown): { readonly answer: 'balance'; readonly roubles: string } | null {
  const roubles = readRoubles(isRecord(found) ? (found['balance'] ?? found['amount']) : found);
  return roubles === null ? null : { answer: 'balance', roubles };
}

function readSenders(found: unknown): SendersAnswer | null {
  if (!Array.isArray(found) && !isRecord(found)) return null;
  const senders = readItems(found).flatMap((entry) => {
    const name = readWord(isRecord(entry) ? (entry['senderName'] ?? entry['name']) : entry);
    return name === null ? [] : [{ name, approved: readApproval(isRecord(entry) ? entry['status'] : null) }];
  });
  return { answer: 'senders', senders };
}

/** The only status ever seen is null; the words are guesses. */
function readApproval(status: unknown): boolean | null {
  const word = typeof status === 'boolean' ? String(status) : (readWord(status) ?? '').toLowerCase();
  if (/^(?:true|1|active|approved|accepted|ok|одобрен\S*|актив\S*)$/.test(word)) return true;
  return /^(?:false|0|-1|moderation|pending|new|rejected|declined|blocked|отклон\S*|на модерации)$/.test(word) ? false : null;
}

function readStatuses(found: unknown, ids: readonly string[]): StatusesAnswer | null {
  const items = itemsOf(found);
  if (items === null) return null;
  const statuses = ids.map((gatewayId): SmsStatus => {
    const item = items.find((one) => readWord(one['id'] ?? one['sms_id']) === gatewayId);
    const code = readWord(item?.['status'] ?? item?.['sms_status']);
    if (item === undefined || code === null) return { gatewayId, status: 'pending', code: 'absent', cost: null };
    return { gatewayId, status: judgeP1smsStatus(code.toLowerCase(), '').status, code, cost: readRoubles(item['cost']) };
  });
  return { answer: 'statuses', statuses };
}

/** Null for what holds no items at all. One item may stand without a list around it. */
function itemsOf(found: unknown): readonly Fields[] | null {
  if (isRecord(found)) return 'status' in found || 'sms_status' in found ? [found] : null;
  return Array.isArray(found) ? found.filter(isRecord) : null;
}

/** By its number, for no order is promised; one alone that names no number can only be ours. */
function findItem(items: readonly Fields[], number: string): Fields | null {
  const [first] = items;
  if (items.length === 1 && first !== undefined && !('phone' in first)) return first;
  return items.find((item) => isSameNumber(item['phone'], number)) ?? null;
}

/** Statuses by which the framework that this platform seems to be made with turns a request away before anything reads it. */
const TURNED_AWAY: ReadonlySet<number> = new Set([401, 402, 403, 422]);

/** Documented as `{"status":"error"}`; under these statuses the framework's own `{"message":…}` is as likely. */
function isFailure(json: Fields, status: number): boolean {
  return json['status'] === 'error' || (TURNED_AWAY.has(status) && !('status' in json) && typeof json['message'] === 'string');
}

function judgeFailure(json: Fields, status: number): SmsVerdict {
  const inner = isRecord(json['data']) ? json['data'] : {};
  const number = readWord(inner['code'] ?? json['code'] ?? json['errorCode']) ?? '';
  return judgeP1smsFailure(status, { words: wordsOf(json), number });
}

function tellFailure(json: Fields, status: number): string {
  return `HTTP ${status} ${wordsOf(json)}`.trim();
}

/** All that an error says in words, wherever it stands: `data.message` and `data.exception` are documented, `errors` was seen. */
function wordsOf(json: Fields): string {
  const inner = isRecord(json['data']) ? json['data'] : {};
  const said = [json['message'], inner['message'], inner['exception'], ...flatten(json['errors']), ...flatten(inner['errors'])];
  return said.filter((word) => typeof word === 'string' && word !== '').join('; ');
}

function flatten(errors: unknown): readonly unknown[] {
  if (typeof errors === 'string') return [errors];
  if (!isRecord(errors)) return readItems(errors).flatMap((error) => (isRecord(error) ? Object.values(error) : [error]));
  return Object.entries(errors).flatMap(([field, error]) => [field, ...(Array.isArray(error) ? (error as readonly unknown[]) : [error])]);
}
