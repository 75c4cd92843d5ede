import { Secret } from '../../src/core/secret.ts';
import { GATEWAYS } from '../../src/core/sms-outcome.ts';
import type { GatewayName } from '../../src/core/sms-outcome.ts';
import { createGateway } from '../../src/sms/gateway.ts';
import { createTelegramChannel } from '../../src/telegram/channel.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { openRawServer } from '../support/raw-server.ts';
import type { RawRequest, RawServer } from '../support/raw-server.ts';
import { SENT_MESSAGE, testTelegramSettings } from '../support/telegram-wire.ts';
import { meddle } from './meddling.ts';
import type { Meddling } from './meddling.ts';

export const SERVICES = ['telegram', ...GATEWAYS] as const;
export type ServiceName = (typeof SERVICES)[number];

const NUMBER = '79161234567';
const TEXT = 'Пенка: https://t.me/penka_bot?start=AQEBAQEBAQEBAQEBAQEBAQ';
const SMS = { number: NUMBER, text: TEXT, reference: 'tp-17-a1b2c3' };
const LONGEST_DETAIL = 300;

/** What each service says when all is well, by a piece of the path. */
const TRUTHS: Readonly<Record<ServiceName, readonly (readonly [RegExp, unknown])[]>> = {
  telegram: [
    [/sendMessage/, { ok: true, result: SENT_MESSAGE }],
    [/getMe/, { ok: true, result: { id: 123_456_789, is_bot: true, first_name: 'Пенка', username: 'penka_bot' } }],
    [
      /getUpdates/,
      {
        ok: true,
        result: [
          { update_id: 7, message: { message_id: 1, date: 1, chat: { id: 42, type: 'private' }, from: { id: 42 }, text: '/start x' } },
        ],
      },
    ],
    [/getWebhookInfo/, { ok: true, result: { url: '', pending_update_count: 0 } }],
    [/./, { ok: true, result: true }],
  ],
  smsru: [
    [/balance/, { status: 'OK', status_code: 100, balance: 4122.56 }],
    [/senders/, { status: 'OK', status_code: 100, senders: ['Penka'] }],
    [/status/, { status: 'OK', status_code: 100, sms: { '1': { status: 'OK', status_code: 103, cost: '4.50' } } }],
    [
      /./,
      {
        status: 'OK',
        status_code: 100,
        sms: { [NUMBER]: { status: 'OK', status_code: 100, sms_id: '1', cost: '4.50', sms: 1 } },
        balance: 1,
      },
    ],
  ],
  p1sms: [[/./, { status: 'success', data: [{ id: 1, status: 'sent', phone: NUMBER, cost: 4.5, balance: 10 }] }]],
  pushsms: [
    [
      /./,
      {
        meta: { code: 200 },
        delivery: { id: 1, status_id: 6, phone: NUMBER, sum: 4.5, total_sms: 1 },
        account: { total_amount: '10', sender_names: ['Penka'] },
      },
    ],
  ],
};

export interface WireStage {
  /** Every question and one sending, each with the same meddling; sentences about what is wrong. */
  ask(service: ServiceName, change: Meddling): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A server that answers as the service does, spoilt; asked by the program's own clients. */
export async function openWireStage(): Promise<WireStage> {
  let answer: (request: RawRequest) => void = () => {};
  const server: RawServer = await openRawServer((request) => answer(request));
  const root = `http://127.0.0.1:${server.port}`;
  return {
    ask: async (service, change) => {
      answer = ({ head, socket }) => {
        const truth = TRUTHS[service].find(([path]) => path.test(head.split('\r\n')[0] ?? ''))?.[1] ?? {};
        socket.write(meddle(change, { status: 200, body: JSON.stringify(truth) }));
        if (change.close || change.length !== 0) socket.end();
      };
      return service === 'telegram' ? judgeTelegram(root) : judgeGateway(service, root);
    },
    close: () => server.close(),
  };
}

async function judgeTelegram(root: string): Promise<readonly string[]> {
  const channel = createTelegramChannel({ settings: testTelegramSettings(root), clock: createHandClock() });
  try {
    return await judge({
      send: () => channel.send({ chatId: '42', html: 'x', silent: false }, () => true),
      identify: () => channel.identify(),
      pull: () => channel.pull(1),
      readWebhook: () => channel.readWebhook(),
      deleteWebhook: () => channel.deleteWebhook(),
      setCommands: () => channel.setCommands([], null),
    });
  } finally {
    channel.close();
  }
}

async function judgeGateway(operator: GatewayName, root: string): Promise<readonly string[]> {
  const settings = {
    operator,
    key: new Secret('planted-key-of-nobody'),
    sender: 'Penka',
    apiRoot: root,
    proxy: null,
    ca: null,
    timeoutMs: 30_000,
  };
  const gateway = createGateway({ settings, clock: createHandClock() });
  try {
    return await judge({
      send: () => gateway.send(SMS, () => true),
      readBalance: () => gateway.readBalance(),
      readSenders: () => gateway.readSenders(),
      readCost: () => gateway.readCost(SMS),
      readStatuses: () => gateway.readStatuses(['1']),
    });
  } finally {
    gateway.close();
  }
}

/** An answer is a value with a name; what it quotes is one clean line. */
async function judge(questions: Readonly<Record<string, () => Promise<object>>>): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const [name, question] of Object.entries(questions)) {
    const said = await question().catch((error: unknown) => ({ thrown: error instanceof Error ? error.message : 'unknown' }));
    if ('thrown' in said) broken.push(`${name} threw: ${said.thrown.slice(0, 200)}`);
    else if (!('answer' in said) && !('outcome' in said)) broken.push(`${name} answered nothing that has a name`);
    const detail = 'detail' in said ? String(said.detail) : '';
    if (detail.length > LONGEST_DETAIL || /[\p{Cc}\u2028\u2029]/u.test(detail))
      broken.push(`${name} quotes more than a line: ${JSON.stringify(detail.slice(0, 80))}`);
    if (JSON.stringify(said).includes(NUMBER) && name === 'send') broken.push(`${name} shows the number`);
  }
  return broken;
}
