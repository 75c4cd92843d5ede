import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { createSystemClock } from '../../src/host/clock.ts';
import { SIMULATED_KEY, SIMULATED_SENDER } from '../../src/simulators/sms/account.ts';
import type { SmsSimulator } from '../../src/simulators/sms/contract.ts';
import { startSmsruSimulator } from '../../src/simulators/smsru/simulator.ts';

/** What became of an invitation: SMS that the operator took, and the ledger's word, as `state(reason)`; empty = no row. */
export interface Invited {
  readonly taken: number;
  readonly fate: string;
}

/** A site's operator and those whom it may write to. */
export interface Invitees {
  readonly operator: SmsSimulator;
  /** A customer with a phone, who isn't subscribed and has an operation now: the next run invites them. */
  invitee(): () => Invited;
}

const FIRST_NUMBER = 79_160_000_000;

export function startOperator(): Promise<SmsSimulator> {
  return startSmsruSimulator({ clock: createSystemClock(), latencyMs: 10 });
}

/** Invites at any hour, as tests run at any. */
export function operatorSettings(root: string): string {
  return `sms: { operator: smsru, apiKey: '${SIMULATED_KEY}', sender: ${SIMULATED_SENDER}, apiRoot: '${root}', price: '4.5', hours: 0-24, lateHour: 24 }`;
}

export interface InviteesOf {
  readonly operator: SmsSimulator;
  /** The database as it stands: another one after a backup was put back. */
  readonly database: () => DatabaseSync;
  readonly groupId: string;
  readonly spend: (customerId: string) => void;
}

export function makeInvitees({ operator, database, groupId, spend }: InviteesOf): Invitees {
  let known = 0;
  return {
    operator,
    invitee: () => {
      known += 1;
      const [customer, profile, number] = [randomUUID(), randomUUID(), String(FIRST_NUMBER + known)];
      database().prepare('insert into tp_People (pepl_ID, pepl_PhoneCell) values (?, ?)').run(profile, number);
      database()
        .prepare('insert into tp_Clients (clnt_ID, clnt_clgr_ID, clnt_Name, clnt_pepl_ID) values (?, ?, ?, ?)')
        .run(customer, groupId, `Гость без подписки ${known}`, profile);
      spend(customer);
      return () => ({
        taken: operator.accepted.filter((sms) => sms.number === number).length,
        fate: database()
          .prepare(
            "select state || coalesce('(' || reason || ')', '') as fate from invitation where customer_id = ? order by invitation_no",
          )
          .all(customer)
          .map((row) => String(row['fate']))
          .join(', '),
      });
    },
  };
}
