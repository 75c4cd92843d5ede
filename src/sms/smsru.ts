import { judgeSmsruCode } from '../core/sms-codes/smsru.ts';
import type { SmsOutcome, SmsStatus } from '../core/sms-outcome.ts';
import { isRecord } from '../http/answer.ts';
import type { CostAnswer, Gateway, GatewayTrouble, OutgoingSms, StatusesAnswer } from '../ports/gateway.ts';
import type { Clock } from '../ports/host.ts';
import { isSameNumber, keep, readCount, readItems, readRoubles, readText, readWord } from './fields.ts';
import { inDoubt, judgeAsk, judgeSend, toOutcome, toTrouble } from './judge.ts';
import type { Reply } from './judge.ts';
import { createWire } from './wire.ts';
import type { GatewaySettings, Wire } from './wire.ts';

const ROOT = 'https://sms.ru';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const OK = '100';

type Fields = Readonly<Record<string, unknown>>;
type Sms = Pick<OutgoingSms, 'number' | 'text'>;

/**
 * SMS.RU. Its errors come under HTTP 200; the top of an answer speaks of the request, an item of one number. It knows no reference of ours. That
 * `/my/senders` lists approved names only is inferred.
 */
export function createSmsru({ settings, clock }: { readonly settings: GatewaySettings; readonly clock: Clock }): Gateway {
  const wire = createWire(settings, { root: ROOT, clock });
  const { sender } = settings;
  const call = (path: string, fields: Readonly<Record<string, string>>, mayBegin?: () => boolean): ReturnType<Wire['call']> => {
    const body = new URLSearchParams({ api_id: settings.key.reveal(), ...fields, json: '1' }).toString();
    return wire.call(path, { headers: FORM, body, ...(mayBegin === undefined ? {} : { mayBegin }) });
  };
  const fieldsOf = ({ number, text }: Sms): Readonly<Record<string, string>> => ({
    to: number,
    msg: text,
    ...(sender === '' ? {} : { from: sender }),
  });
  const ask = async <T extends { readonly answer: string }>(
    path: string,
    fields: Readonly<Record<string, string>>,
    { read, sms }: { readonly read: (top: Fields) => T | null; readonly sms?: Sms },
  ): Promise<T | GatewayTrouble> => {
    const exchange = await call(path, fields);
    const now = wire.now();
    const scrub = wire.scrub(sms);
    return judgeAsk<T>(exchange, { now, scrub, read: (reply) => readTop(reply, { read, now }) });
  };

  return {
    name: 'smsru',
    statusesAtOnce: 100,
    send: async (sms, mayBegin) =>
      judgeSend(await call('/sms/send', fieldsOf(sms), mayBegin), {
        now: wire.now(),
        scrub: wire.scrub(sms),
        read: (reply) => readSent(reply, sms.number),
      }),
    readCost: (sms) => ask('/sms/cost', fieldsOf(sms), { read: (top) => readCost(top, { number: sms.number, now: wire.now() }), sms }),
    readBalance: () =>
      ask(
        '/my/balance',
        {},
        {
          read: (top) => {
            const roubles = readRoubles(top['balance']);
            return roubles === null ? null : { answer: 'balance', roubles };
          },
        },
      ),
    readSenders: () => ask('/my/senders', {}, { read: readSenders }),
    readStatuses: (ids) => ask('/sms/status', { sms_id: ids.join(',') }, { read: (top) => readStatuses(top, ids) }),
    close: () => {
      wire.close();
    },
  };
}

/** The top of an answer that says yes; its error as trouble; null for what has another shape. */
function readTop<T extends { readonly answer: string }>(
  { json }: Reply,
  { read, now }: { readonly read: (top: Fields) => T | null; readonly now: number },
): T | GatewayTrouble | null {
  const code = readCode(json);
  if (!isRecord(json) || code === null) return null;
  return isYes(json) ? read(json) : toTrouble(judgeSmsruCode(code).send, { now, detail: tell(json) });
}

function readSent({ json, status }: Reply, number: string): SmsOutcome | null {
  const code = readCode(json);
  if (!isRecord(json) || code === null) return null;
  if (!isYes(json)) {
    // An error under a code of success is neither.
    const { send } = judgeSmsruCode(code);
    return send.verdict === 'accepted' ? null : toOutcome(send, { accepted: null, detail: tell(json) });
  }
  if (status >= 400 || !('sms' in json)) return null;
  const item = findItem(json['sms'], number);
  if (item === null) return inDoubt('mismatch', keep(json));
  const itemCode = codeOf(item);
  if (itemCode === null) return null;
  const { send } = judgeSmsruCode(itemCode);
  if (item['status'] === (send.verdict === 'accepted' ? 'ERROR' : 'OK')) return inDoubt('unreadable', keep(item));
  const gatewayId = readWord(item['sms_id']);
  const accepted = { gatewayId, segments: readCount(item['sms']), cost: readRoubles(item['cost']), warning: null };
  return toOutcome(send, { accepted, detail: send.verdict === 'accepted' ? keep(item) : tell(item) });
}

function readCost(top: Fields, { number, now }: { readonly number: string; readonly now: number }): CostAnswer | null {
  const item = findItem(top['sms'], number);
  const code = item === null ? null : codeOf(item);
  if (item === null || code === null) return null;
  if (code !== OK) {
    const { send } = judgeSmsruCode(code);
    return send.verdict === 'refused'
      ? { answer: 'refused', code: send.code, detail: tell(item) }
      : toTrouble(send, { now, detail: tell(item) });
  }
  const roubles = readRoubles(item['cost']);
  const segments = readCount(item['sms']);
  return roubles === null || segments === null ? null : { answer: 'cost', roubles, segments };
}

function readSenders(top: Fields): { readonly answer: 'senders'; readonly senders: readonly { name: string; approved: true }[] } | null {
  if (!('senders' in top)) return null;
  const names = readItems(top['senders']).flatMap((entry) => readWord(isRecord(entry) ? (entry['name'] ?? entry['sender']) : entry) ?? []);
  return { answer: 'senders', senders: names.map((name) => ({ name, approved: true })) };
}

function readStatuses(top: Fields, ids: readonly string[]): StatusesAnswer | null {
  const { sms } = top;
  if (!isRecord(sms) && !(Array.isArray(sms) && sms.length === 0)) return null;
  const statuses = ids.map((gatewayId): SmsStatus => {
    const item = isRecord(sms) && Object.hasOwn(sms, gatewayId) ? sms[gatewayId] : null;
    const code = isRecord(item) ? codeOf(item) : null;
    if (!isRecord(item) || code === null) return { gatewayId, status: 'pending', code: 'absent', cost: null };
    return { gatewayId, status: judgeSmsruCode(code).status, code, cost: readRoubles(item['cost']) };
  });
  return { answer: 'statuses', statuses };
}

/** The map's key is the number as it was sent; PHP makes a list of an empty map. */
function findItem(sms: unknown, number: string): Fields | null {
  if (!isRecord(sms)) return null;
  const found = Object.entries(sms).find(([key]) => isSameNumber(key, number))?.[1];
  return isRecord(found) ? found : null;
}

function codeOf(fields: Fields): string | null {
  const code = readWord(fields['status_code']);
  return code !== null && /^-?\d{1,6}$/.test(code) ? code : null;
}

/** The code at the top; null where «status» says the contrary. */
function readCode(json: unknown): string | null {
  const code = isRecord(json) ? codeOf(json) : null;
  const isContrary = isRecord(json) && code !== OK && json['status'] === 'OK';
  return isContrary ? null : code;
}

function isYes(top: Fields): boolean {
  return codeOf(top) === OK && top['status'] !== 'ERROR';
}

function tell(fields: Fields): string {
  return `${codeOf(fields) ?? ''} ${readText(fields['status_text'])}`.trim();
}
