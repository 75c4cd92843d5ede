import type { CustomerId } from '../../src/core/glossary.ts';
import type { Desk, InstallReport } from '../../src/ports/desk.ts';
import type { Site } from './engine.ts';

/** An engine under the desk's contract. */
export interface DeskEngine {
  readonly name: string;
  /** Views on Tillypad that an administrator may make their own, in the order in which `install` makes them. */
  readonly views: readonly string[];
  /** A fresh site with the ledger installed. */
  makeSite(): Promise<DeskSite>;
  /** Tillypad's tables alone, no view and no ledger. */
  makeBareSite(): Promise<BareSite>;
}

export interface DeskSite extends Site {
  openDesk(options?: { readonly chunkRows?: number }): Promise<Desk>;
  install(request?: Partial<InstallWish>): Promise<InstallReport>;
  /** The three generations of phones. */
  setPhones(
    customer: CustomerId,
    phones: { readonly newest?: readonly string[]; readonly xml?: string; readonly profile?: string },
  ): Promise<void>;
  /** A refused link straight in the ledger. */
  refuseLink(
    botId: string,
    link: { readonly chatId: string; readonly updateId: number; readonly reason: string; readonly customerId: CustomerId | null },
  ): Promise<void>;
  copy(): Promise<DeskSite>;
}

export interface BareSite {
  install(request?: Partial<InstallWish>): Promise<InstallReport>;
  openDesk(): Promise<Desk>;
  /** Tillypad without this table. */
  dropTable(name: string): Promise<void>;
  /** An administrator's own view in place of ours: `operation` without its description, or all columns in another order. */
  alterView(how: 'lacking' | 'reordered'): Promise<void>;
  /** The view of customers without their name. */
  loseColumn(): Promise<void>;
  setSchema(version: number): Promise<void>;
  addFilledNote(value: string): Promise<void>;
  noteTypes(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface InstallWish {
  readonly keyFingerprint: string;
  readonly paused: boolean;
  readonly noteType: string;
}
