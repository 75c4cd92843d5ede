import { EXIT } from '../core/exit-code.ts';
import type { ExitCode } from '../core/exit-code.ts';
import type { Instant } from '../core/glossary.ts';
import type { Finding } from '../core/settings.ts';
import type { GatewayName, SmsOutcome } from '../core/sms-outcome.ts';
import type { GatewayTrouble } from '../ports/gateway.ts';
import type { StepReport } from './context.ts';

/** What keeps an operator from being asked, in one finding; `code` null where the run's own end is told elsewhere. */
export function tellTrouble(operator: GatewayName, trouble: GatewayTrouble, now: Instant): StepReport {
  switch (trouble.answer) {
    case 'unusable':
      return tellRefusal(operator, { code: trouble.code, detail: trouble.detail });
    case 'limited':
      return tellLimited(operator, trouble.until, now);
    default:
      return told(EXIT.unreachable, 'sms_unreachable', { operator, detail: inBrackets(trouble.detail) });
  }
}

export function tellRefusal(operator: GatewayName, why: { readonly code: string; readonly detail: string }): StepReport {
  return why.code === 'no_money'
    ? told(EXIT.account, 'sms_no_money', { operator, balance: '', cost: '' })
    : told(EXIT.account, 'sms_refused', { operator, reason: why.code, detail: inBrackets(why.detail) });
}

/** An SMS that surely wasn't sent and that says something of all others. */
export function tellLater(operator: GatewayName, outcome: Extract<SmsOutcome, { outcome: 'later' }>, now: Instant): StepReport {
  if (outcome.code === 'not_begun') return { codes: [], findings: [] };
  return outcome.code === 'limited'
    ? tellLimited(operator, outcome.notBefore ?? now, now)
    : told(EXIT.unreachable, 'sms_unreachable', { operator, detail: inBrackets(outcome.detail) });
}

function tellLimited(operator: GatewayName, until: Instant, now: Instant): StepReport {
  return told(EXIT.unreachable, 'sms_limited', { operator, seconds: Math.max(1, Math.ceil((until - now) / 1000)) });
}

export function told(code: ExitCode, finding: string, args: Finding['args']): StepReport {
  return { codes: [code], findings: [{ code: finding, args }] };
}

function inBrackets(detail: string): string {
  return detail === '' ? '' : ` (${detail.slice(0, 200)})`;
}
