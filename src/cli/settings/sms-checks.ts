import { LANGUAGES, type Language, type TaskId } from '../../core/glossary.ts';
import { measureInvitation } from '../../core/invitation-text.ts';
import type { Finding } from '../../core/settings.ts';
import type { GatewayName } from '../../core/sms-outcome.ts';
import type { Chosen } from './effective.ts';
import { problemAt, type SettingsProblem } from './problem.ts';
import type { Settled } from './settle.ts';

type Values = ReadonlyMap<string, Settled>;

/** What no single setting of the section can know of the others; nothing where nobody is invited. */
export function checkSms(settled: Values): readonly SettingsProblem[] {
  const operator = operatorOf(settled);
  if (operator === null) return [];
  return [...checkLength(settled, operator), ...checkHours(settled), ...checkConsent(settled), ...checkCountries(settled)];
}

/** The operator's own secret: the key of another one is of no use to it. */
export function checkSmsKey(taskId: TaskId, { settled, effective }: Chosen): readonly SettingsProblem[] {
  const operator = operatorOf(settled);
  const path = operator === 'pushsms' ? 'sms.token' : 'sms.apiKey';
  // A key that was refused is absent from both, and told already.
  const isUnset = !settled.has(path) && effective.some((one) => one.path === path);
  return operator !== null && isUnset ? [{ path, taskId, source: null, code: 'sms_key_missing', args: { operator } }] : [];
}

export function findSmsAdvice(taskId: TaskId, settled: Values): readonly Finding[] {
  const operator = operatorOf(settled);
  if (operator === null) return [];
  const isEmpty = (path: string): boolean => settled.get(path)?.value === '';
  const asksConsent = ['sms.consent.note', 'sms.consent.group'].some((path) => settled.get(path)?.value != null);
  const told = (code: string): Finding[] => [{ code, args: { task: taskId } }];
  return [
    ...(isEmpty('sms.sender') ? told('sms_no_sender') : []),
    ...(isEmpty('restaurant.name') ? told('sms_no_restaurant') : []),
    ...(asksConsent ? [] : told('sms_no_consent')),
  ];
}

function operatorOf(settled: Values): GatewayName | null {
  const operator = settled.get('sms.operator')?.value as GatewayName | 'off' | undefined;
  return operator === undefined || operator === 'off' ? null : operator;
}

/** With a bot's name of 20 characters: the real one is known to Telegram alone, and a run with a longer one counts again. */
function checkLength(settled: Values, operator: GatewayName): readonly SettingsProblem[] {
  const most = settled.get('sms.maxSegments')?.value as number | undefined;
  const restaurant = settled.get('restaurant.name')?.value as string | undefined;
  if (most === undefined || restaurant === undefined) return [];
  const problems = LANGUAGES.flatMap((language) => {
    const own = settled.get(`sms.text.${language}`);
    const texts = own === undefined ? {} : { [language]: own.value as string };
    const { segments, units } = measureInvitation({ texts, language, restaurant }, { operator, username: null });
    if (segments <= most) return [];
    const place = own ?? settled.get('restaurant.name') ?? null;
    const path = own === undefined ? 'restaurant.name' : textPath(language);
    return [
      problemAt(path, place?.source ?? null, { code: 'sms_text_too_long', args: { segments, units, max: most, text: textPath(language) } }),
    ];
  });
  // A name that is too long is one mistake, however many of our own texts it stands in.
  return problems.filter(({ path }, at) => problems.findIndex((one) => one.path === path) === at);
}

function textPath(language: Language): string {
  return `sms.text.${language}`;
}

function checkHours(settled: Values): readonly SettingsProblem[] {
  const hours = settled.get('sms.hours')?.value as { readonly to: number } | undefined;
  const late = settled.get('sms.lateHour');
  if (hours === undefined || late === undefined || (late.value as number) >= hours.to) return [];
  return [problemAt('sms.lateHour', late.source, { code: 'sms_late_hour', args: { value: late.value as number, min: hours.to } })];
}

function checkConsent(settled: Values): readonly SettingsProblem[] {
  const [note, group] = ['sms.consent.note', 'sms.consent.group'].map((path) => settled.get(path));
  if (note?.value == null || group?.value == null) return [];
  return [problemAt('sms.consent.group', group.source, { code: 'sms_consent_twice' })];
}

function checkCountries(settled: Values): readonly SettingsProblem[] {
  const countries = settled.get('sms.countries');
  if (countries === undefined || (countries.value as readonly string[]).length > 0) return [];
  return [problemAt('sms.countries', countries.source, { code: 'sms_no_country' })];
}
