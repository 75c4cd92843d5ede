import { hasPhone } from '../core/phone.ts';
import type { Connection } from './connection.ts';

/** Teaches the connection `has_phone(text, digits)`; null has none. */
export function addPhoneFunction({ database }: Pick<Connection, 'database'>): void {
  database.function('has_phone', { deterministic: true, directOnly: true }, (text, digits) =>
    Number(typeof text === 'string' && hasPhone(text, String(digits))),
  );
}
