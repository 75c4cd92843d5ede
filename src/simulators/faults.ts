import type { Arguments } from './arguments.ts';

/** What can go wrong with one call. `processed` says whether the service had done its part before it went wrong. */
export type Fault =
  | { readonly kind: 'delay'; readonly ms: number }
  /** Nothing of the answer comes for so long after processing, then a status line, then the rest after as long again. */
  | { readonly kind: 'slowHeaders'; readonly ms: number }
  | { readonly kind: 'closeBeforeProcessing'; readonly reset?: boolean }
  | { readonly kind: 'closeAfterProcessing'; readonly reset?: boolean }
  /** A `Content-Length` that is longer than what comes; `bytes` cuts earlier (0 = headers only). */
  | { readonly kind: 'halfAnswer'; readonly bytes?: number }
  /** The first so many bytes of the whole answer, status line and headers included, then the end of the connection. */
  | { readonly kind: 'cutAnswer'; readonly bytes: number }
  /** What was asked about is left out of the answer, or another number stands in its place; for services that answer by number. */
  | { readonly kind: 'itemMissing' | 'otherNumber' }
  | { readonly kind: 'html502' | 'html504' | 'json500' | 'emptyBody' | 'otherJson'; readonly processed?: boolean }
  | { readonly kind: 'storm429'; readonly retryAfter: number }
  /** Never answers; ends when the client gives up. */
  | { readonly kind: 'hang'; readonly processed?: boolean }
  /** The call is cut unprocessed and for so long every connection is refused. */
  | { readonly kind: 'refuse'; readonly ms: number };

/** What a rule is asked about. */
export interface FaultCall {
  readonly method: string;
  readonly chatId?: string | null;
  /** Of a phone. */
  readonly number?: string | null;
  readonly arguments: Arguments;
}

export type FaultRule = Fault & {
  /** Calls that it hits: 1 by default, Infinity = until cleared. */
  readonly times?: number;
  /** Fitting calls that it lets pass first. */
  readonly skip?: number;
  /** Any spelling of case; missing = every method. */
  readonly method?: string;
  readonly chatId?: string;
  readonly number?: string;
  readonly when?: (call: FaultCall) => boolean;
};

export interface Faults {
  /** Behind the rules that stand already; the answer takes the rule back. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** The fault of the first rule that fits, counted; null = all goes well. */
  take(call: FaultCall): Fault | null;
  /** Rules with hits left. */
  readonly count: number;
}

/** Those that every simulator plays. */
const KINDS: readonly Fault['kind'][] = [
  'delay',
  'slowHeaders',
  'closeBeforeProcessing',
  'closeAfterProcessing',
  'halfAnswer',
  'cutAnswer',
  'html502',
  'html504',
  'json500',
  'emptyBody',
  'otherJson',
  'storm429',
  'hang',
  'refuse',
];

/** Kinds that leave the call undone unless the rule says otherwise. */
const UNDONE: ReadonlySet<string> = new Set(['closeBeforeProcessing', 'html502', 'json500', 'storm429', 'hang', 'refuse']);

export function isFaultKind(kind: unknown): kind is Fault['kind'] {
  return KINDS.includes(kind as Fault['kind']);
}

/** Whether the service does what the call asks before or while it goes wrong. */
export function isProcessed(fault: Fault): boolean {
  return 'processed' in fault && fault.processed !== undefined ? fault.processed : !UNDONE.has(fault.kind);
}

export function createFaults(): Faults {
  let rules: { readonly rule: FaultRule; skip: number; left: number }[] = [];
  return {
    add: (rule) => {
      const standing = { rule: { ...rule, method: rule.method?.toLowerCase() ?? '' }, skip: rule.skip ?? 0, left: rule.times ?? 1 };
      rules.push(standing);
      return () => {
        rules = rules.filter((other) => other !== standing);
      };
    },
    clear: () => {
      rules = [];
    },
    take: (call) => {
      if (rules.length === 0) return null;
      for (const standing of rules) {
        if (!fits(standing.rule, call)) continue;
        if (standing.skip > 0) {
          standing.skip -= 1;
          continue;
        }
        standing.left -= 1;
        if (standing.left <= 0) rules = rules.filter((other) => other !== standing);
        return standing.rule;
      }
      return null;
    },
    get count() {
      return rules.length;
    },
  };
}

function fits(rule: FaultRule, call: FaultCall): boolean {
  if (rule.method !== '' && rule.method !== call.method.toLowerCase()) return false;
  if (rule.chatId !== undefined && rule.chatId !== call.chatId) return false;
  if (rule.number !== undefined && rule.number !== call.number) return false;
  return rule.when === undefined || rule.when(call);
}
