import type { ChatId, Language } from '../core/glossary.ts';
import type { Customer } from '../core/operation.ts';
import type { AdvanceRequest, ClaimedNotice } from '../ports/deliveries.ts';
import { readBalances } from './balance.ts';
import type { DeliveryRow } from './claim-rows.ts';
import type { Ancestry } from './group-ancestors.ts';
import { toOperation } from './operation-row.ts';
import type { Session } from './session.ts';

export interface NoticeFrame {
  readonly attemptNo: number;
  readonly chatId: ChatId;
  readonly language: Language | null;
  readonly customer: Customer;
  readonly ancestry: Ancestry;
  readonly balance: AdvanceRequest['balance'];
}

/** The notice as it is handed out: operations as they are now, with their balances. */
export function toNotice(session: Session, group: readonly DeliveryRow[], frame: NoticeFrame): ClaimedNotice {
  const { attemptNo, chatId, language, customer, balance, ancestry } = frame;
  const balances = readBalances(session, { customerId: customer.id, operations: group, mode: balance });
  return {
    attemptNo,
    taskId: group[0]?.taskId ?? '',
    chatId,
    language,
    customer,
    groupAncestors: ancestry(customer.groupId),
    operations: group.map((row) => ({ ...toOperation({ ...row, customerId: customer.id }, balances.get(row.id) ?? null), row: row.row })),
    repeat: group[0]?.repeat === 1,
    tries: Math.max(...group.map((row) => row.tries)),
  };
}
