import type { BotId, ChatId, CustomerId, Instant, Language, OperationId, WallTime } from '../../src/core/glossary.ts';
import type { Subscription } from '../../src/core/subscriber.ts';
import type { DryRunReader, Ledger } from '../../src/ports/ledger.ts';

/** An engine under the contract: how to make a site on it. Another one joins by making a twin of `test/support/site.ts`. */
export interface Engine {
  readonly name: string;
  readonly capabilities: {
    /** A free lock proves its holder dead, so that orphans are judged at once (decision 27). */
    readonly judgesOrphansAtOnce: boolean;
    /** `Site.copy` can take the database elsewhere. */
    readonly copies: boolean;
  };
  /** A fresh site with the ledger installed and empty directories. */
  makeSite(): Promise<Site>;
}

export interface LedgerOptions {
  /** Rows of one planning transaction, so that few rows make many chunks. */
  readonly chunkRows?: number;
}

/** Tillypad, the ledger and the time, as a test arranges and inspects them. Nothing here goes through the port. */
export interface Site {
  openLedger(options?: LedgerOptions): Promise<Ledger>;
  openPlanReader(): Promise<DryRunReader>;

  addGroup(group?: {
    readonly parent?: string;
    readonly name?: string;
    readonly deleted?: boolean;
    readonly disabled?: boolean;
  }): Promise<string>;
  /** Puts a group below one of its own descendants, as a slip of the hand does. */
  closeLoop(group: string, descendant: string): Promise<void>;
  addAccountType(type?: { readonly name?: string; readonly deleted?: boolean }): Promise<string>;
  addDivision(name: string): Promise<string>;
  addCustomer(customer?: NewCustomer): Promise<CustomerId>;
  changeCustomer(
    id: CustomerId,
    change: { readonly deleted?: boolean; readonly disabled?: boolean; readonly group?: string },
  ): Promise<void>;
  /** Deleted for good, past the recycle bin; operations stay. */
  removeCustomer(id: CustomerId): Promise<void>;
  /** Answers their ids in the same order. */
  addOperations(operations: readonly NewOperation[]): Promise<readonly OperationId[]>;
  changeOperation(id: OperationId, change: Partial<Pick<NewOperation, 'sum' | 'date' | 'customer' | 'description'>>): Promise<void>;
  removeOperation(id: OperationId): Promise<void>;
  addNoteType(name: string, type?: { readonly deleted?: boolean }): Promise<string>;
  /** A further note of the customer; `at` null = undated. */
  addNote(note: {
    readonly type: string;
    readonly customer: CustomerId;
    readonly value: string | number | null;
    readonly at?: WallTime | null;
  }): Promise<void>;
  removeNotes(customer: CustomerId): Promise<void>;
  /** Values of the customer's notes, newest first. */
  notesOf(customer: CustomerId): Promise<readonly (string | number | null)[]>;
  /** From now on no note can be written for this customer. */
  breakNotes(customer: CustomerId): Promise<void>;

  /** A subscription straight in the ledger. */
  subscribe(
    botId: BotId,
    subscription: Pick<Subscription, 'customerId' | 'chatId'> & Partial<Subscription> & { readonly language?: Language },
  ): Promise<void>;
  /** What Tillypad's task takes for its own log when it fires: each message once, oldest first. */
  readTaskLog(taskId: string, unreadText?: string): Promise<readonly string[]>;
  leaveWord(botId: BotId, word: { readonly kind: 'run' | 'event' | 'schedule'; readonly taskId: string }): Promise<number>;
  /** The bot's open run loses its place to another, as after a cut connection. */
  takeOver(botId: BotId): Promise<void>;
  pauseUntil(botId: BotId, until: Instant | null): Promise<void>;
  /** As `install` leaves it: bots start out paused or not. */
  installPaused(): Promise<void>;
  /** Sets the ledger's schema number, or takes the ledger away (null). */
  setSchema(version: number | null): Promise<void>;
  /** The ledger as it was, put back in place of what it is: a restored backup. */
  save(): Promise<() => Promise<void>>;
  copy(): Promise<Site>;

  deliveries(botId?: BotId): Promise<readonly DeliveryFact[]>;
  /** In the order of their making. */
  invitations(): Promise<readonly InvitationFact[]>;
  attempts(): Promise<readonly AttemptFact[]>;
  runs(): Promise<readonly RunFact[]>;
  words(): Promise<
    readonly { readonly wakeNo: number; readonly taskId: string; readonly kind: string; readonly servedAt: Instant | null }[]
  >;
  subscriptions(): Promise<readonly Subscription[]>;
  refusedLinks(): Promise<
    readonly { readonly chatId: ChatId; readonly updateId: number; readonly reason: string; readonly customerId: CustomerId | null }[]
  >;
  mirror(customer: CustomerId): Promise<{
    readonly noted: string | null;
    readonly wanted: string | null;
    readonly pending: boolean;
    readonly failures: number;
  } | null>;

  now(): Instant;
  /** The server's wall clock, `offsetMs` later. */
  wall(offsetMs?: number): WallTime;
  /** Lets time go by for the ledger; below zero the clock is set back. */
  pass(ms: number): void;
  close(): Promise<void>;
}

export interface NewCustomer {
  readonly id?: CustomerId;
  readonly name?: string;
  readonly group?: string;
  readonly deleted?: boolean;
  readonly disabled?: boolean;
  /** In the three generations of phones. */
  readonly phones?: readonly string[];
  readonly phonesXml?: string;
  readonly profilePhone?: string;
}

export interface NewOperation {
  readonly id?: OperationId;
  readonly customer: CustomerId;
  readonly date: WallTime;
  readonly sum?: bigint;
  readonly accountType?: string;
  readonly document?: string;
  readonly description?: string;
  readonly division?: string;
  readonly returnOf?: OperationId;
}

export interface DeliveryFact {
  readonly row: number;
  readonly operationId: OperationId;
  readonly customerId: CustomerId;
  readonly taskId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly repeat: boolean;
  readonly tries: number;
  readonly notBefore: Instant | null;
  readonly attemptNo: number | null;
}

export interface InvitationFact {
  readonly row: number;
  readonly customerId: CustomerId;
  readonly operationId: OperationId;
  readonly state: string;
  readonly reason: string | null;
  readonly number: string | null;
  readonly segments: number | null;
  readonly cost: string | null;
  readonly gatewayId: string | null;
  readonly text: string | null;
  readonly tries: number;
  readonly notBefore: Instant | null;
  readonly sentAt: Instant | null;
  readonly status: string | null;
}

export interface AttemptFact {
  readonly attemptNo: number;
  readonly chatId: ChatId;
  readonly finished: boolean;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly messageId: string | null;
  readonly repeat: boolean;
  readonly length: number | null;
}

export interface RunFact {
  readonly runNo: number;
  readonly runId: string;
  readonly finishedAt: Instant | null;
  readonly heartbeatAt: Instant;
  readonly exitCode: number | null;
  readonly summary: string | null;
}
