import { EXIT } from '../../core/exit-code.ts';
import type { Language, OperationId, WallTime } from '../../core/glossary.ts';
import { composeNotice } from '../../core/notice.ts';
import type { Customer, Operation } from '../../core/operation.ts';
import type { TaskSettings } from '../../core/settings.ts';
import type { StoryMargin } from '../../core/standing.ts';
import { chooseTemplate } from '../../core/template.ts';
import type { CustomerStory } from '../../ports.ts';
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
  readonly operation: Operation;
  readonly customer: Customer;
  readonly guestLanguage: Language | null;
  readonly wallNow: WallTime;
}

/** `preview`: one operation's notice as the guest will see it, by the first of the chosen tasks. Nothing is sent or written. */
export const preview: Command = async (call) => {
  const operationId = readOperationId(call.args[0]);
  const site = await openSite(call, { token: false });
  const [task] = site.tasks;
  if (task === undefined) throw new CommandProblem(EXIT.usage, [{ code: 'no_task', args: {} }]);
  const chosen = operationId === null ? await chooseNewest(call, site, task) : await chooseNamed(call, site, operationId);
  const asked = call.flags['guestLanguage'];
  const language: Language = asked === 'ru' || asked === 'en' ? asked : (chosen.guestLanguage ?? task.guests.language);
  const notice = compose(task, chosen, language);
  return { code: EXIT.done, text: renderPreview(notice, site.language), json: { schema: 1, command: 'preview', exitCode: EXIT.done, ...notice } };
};

function readOperationId(written: string | undefined): OperationId | null {
  if (written === undefined) return null;
  const answer = guid.safeParse(written);
  if (answer.success) return answer.data;
  throw new CommandProblem(EXIT.usage, [{ code: 'bad_guid', args: { flag: 'operation', value: echo(written) } }]);
}

async function chooseNewest(call: CommandCall, site: Site, task: TaskSettings): Promise<Chosen> {
  const reader = await call.doors.openPlanReader(site.place);
  try {
    const newest = await findNewestOperation(reader, task);
    if (newest === null) throw new CommandProblem(EXIT.no, [{ code: 'no_operation', args: { task: task.id } }]);
    const { wallNow } = await reader.readClock();
    return { operation: newest.operation, customer: newest.customer, guestLanguage: newest.language, wallNow };
  } finally {
    await reader.close();
  }
}

/** Whatever the filters say: who names an operation wants to see its notice. */
async function chooseNamed(call: CommandCall, site: Site, operationId: OperationId): Promise<Chosen> {
  const botId = site.bots[0]?.botId ?? '';
  const story: (CustomerStory & Partial<StoryMargin>) | null = await atDesk(call, site, (desk) => desk.readStory(botId, { operationId }, 1));
  const operation = story?.operations.find(({ id }) => id === operationId);
  if (story === null || operation === undefined) throw new CommandProblem(EXIT.no, [{ code: 'operation_unknown', args: { value: operationId } }]);
  const { id, name, groupId, group } = story.customer;
  return { operation, customer: { id, name, groupId, group }, guestLanguage: story.guestLanguage ?? null, wallNow: operation.date };
}

function compose(task: TaskSettings, { operation, customer, wallNow }: Chosen, language: Language): PreviewedNotice {
  const { templates } = task.notice;
  const composed = composeNotice({ operations: [operation], customer, restaurant: task.restaurant.name, language, settings: task.notice, repeat: false, reference: wallNow });
  const template = chooseTemplate(templates, { language, accountTypeId: operation.accountTypeId, groups: [customer.groupId], sum: operation.sum });
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
