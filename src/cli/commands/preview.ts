import { EXIT } from '../../core/exit-code.ts';
import type { CustomerGroupId, Language, Money, OperationId, WallTime } from '../../core/glossary.ts';
import { composeNotice } from '../../core/notice.ts';
import { isTellable } from '../../core/operation.ts';
import type { Customer, Operation, TellableOperation } from '../../core/operation.ts';
import type { TaskSettings } from '../../core/settings.ts';
import { chooseTemplate } from '../../core/template.ts';
import type { CustomerStory } from '../../ports/desk.ts';
import type { PlanReader } from '../../ports/plan.ts';
import type { Command, CommandCall } from '../command.ts';
import { atDesk } from '../desk.ts';
import { findNewestOperation } from '../newest-operation.ts';
import { CommandProblem } from '../problem.ts';
import { renderPreview } from '../render/preview.ts';
import type { PreviewedNotice } from '../render/preview.ts';
import { textOfHtml } from '../render/text-of-html.ts';
import { echo } from '../settings/echo.ts';
import { guid } from '../settings/values.ts';
import { openSite } from '../site.ts';
import type { Site } from '../site.ts';

interface Chosen {
  readonly operation: TellableOperation;
  readonly customer: Customer;
  readonly groupAncestors: readonly CustomerGroupId[];
  readonly guestLanguage: Language | null;
}

/** `preview`: one operation's notice as the guest will see it, by the first of the chosen tasks. Nothing is sent or written. */
export const preview: Command = async (call) => {
  const named = readOperationId(call.args[0]);
  const site = await openSite(call, { token: false });
  const [task] = site.tasks;
  if (task === undefined) throw new CommandProblem(EXIT.usage, [{ code: 'no_task', args: {} }]);
  const { operationId, wallNow } = await withReader(call, site, async (reader) => ({
    operationId: named ?? (await newestOf(reader, task)),
    wallNow: (await reader.readClock()).wallNow,
  }));
  const chosen = await readChosen(call, site, { task, operationId });
  const asked = call.flags['guestLanguage'];
  const language: Language = asked === 'ru' || asked === 'en' ? asked : (chosen.guestLanguage ?? task.guests.language);
  const notice = compose(task, chosen, { language, wallNow });
  return {
    code: EXIT.done,
    text: renderPreview(notice, site.language),
    json: { schema: 1, command: 'preview', exitCode: EXIT.done, ...notice },
  };
};

function readOperationId(written: string | undefined): OperationId | null {
  if (written === undefined) return null;
  const answer = guid.safeParse(written);
  if (answer.success) return answer.data;
  throw new CommandProblem(EXIT.usage, [{ code: 'bad_guid', args: { flag: 'operation', value: echo(written) } }]);
}

async function withReader<T>(call: CommandCall, site: Site, use: (reader: PlanReader) => Promise<T>): Promise<T> {
  const reader = await call.doors.openPlanReader(site.place);
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}

async function newestOf(reader: PlanReader, task: TaskSettings): Promise<OperationId> {
  const newest = await findNewestOperation(reader, task);
  if (newest === null) throw new CommandProblem(EXIT.no, [{ code: 'no_operation', args: { task: task.id } }]);
  return newest.operation.id;
}

/** Whatever the filters say: who names an operation wants to see its notice. */
async function readChosen(
  call: CommandCall,
  site: Site,
  { task, operationId }: { readonly task: TaskSettings; readonly operationId: OperationId },
): Promise<Chosen> {
  const botId = site.bots[0]?.botId ?? '';
  const story: CustomerStory | null = await atDesk(call, site, (desk) => desk.readStory(botId, { operationId }, 1));
  const operation = story?.operations.find(({ id }) => id === operationId);
  if (story === null || operation === undefined)
    throw new CommandProblem(EXIT.no, [{ code: 'operation_unknown', args: { value: operationId } }]);
  if (!isTellable(operation)) throw new CommandProblem(EXIT.no, [{ code: 'record_unreadable', args: { operation: operationId } }]);
  const { id, name, groupId, group } = story.customer;
  const balanceAfter = task.notice.balance === 'current' ? await currentBalance(call, site, operation) : operation.balanceAfter;
  return {
    operation: { ...operation, balanceAfter },
    customer: { id, name, groupId, group },
    groupAncestors: story.groupAncestors,
    guestLanguage: story.guestLanguage ?? null,
  };
}

/** A story tells balances after each operation; what the account holds now is the ledger's to tell. */
async function currentBalance(call: CommandCall, site: Site, { customerId, accountTypeId }: Operation): Promise<Money | null> {
  const ledger = await call.doors.openLedger(site.place);
  try {
    const { accounts } = await ledger.readAccounts([customerId]);
    return accounts.find((account) => account.accountTypeId === accountTypeId)?.balance ?? null;
  } finally {
    await ledger.close();
  }
}

function compose(
  task: TaskSettings,
  { operation, customer, groupAncestors }: Chosen,
  { language, wallNow }: { readonly language: Language; readonly wallNow: WallTime },
): PreviewedNotice {
  const { templates } = task.notice;
  const composed = composeNotice({
    operations: [operation],
    customer,
    groupAncestors,
    restaurant: task.restaurant.name,
    language,
    settings: task.notice,
    repeat: false,
    reference: wallNow,
  });
  const template = chooseTemplate(templates, {
    language,
    accountTypeId: operation.accountTypeId,
    groups: [customer.groupId, ...groupAncestors],
    sum: operation.sum,
  });
  return {
    taskId: task.id,
    operationId: operation.id,
    customerId: customer.id,
    language,
    html: composed.html,
    text: textOfHtml(composed.html),
    length: composed.visibleLength,
    template: template === null ? null : templates.indexOf(template),
    fallback: composed.fallback,
  };
}
