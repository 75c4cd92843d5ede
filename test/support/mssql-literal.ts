export type Literal = string | number | bigint | boolean | null | { readonly raw: string };

/** T-SQL with its values as literals: `sql`…`` for statements that only tests send. */
export function sql(texts: TemplateStringsArray, ...values: readonly Literal[]): string {
  return String.raw({ raw: texts }, ...values.map(literal));
}

/** A piece of SQL as it stands. */
export function raw(text: string): Literal {
  return { raw: text };
}

/** A wall clock, whatever the login's language is. */
export function wallLiteral(wall: string | null): Literal {
  return wall === null ? null : { raw: `CONVERT(datetime, ${literal(wall)}, 121)` };
}

export function instantLiteral(instant: number | null): Literal {
  if (instant === null) return null;
  return { raw: `CONVERT(datetime2(3), ${literal(new Date(instant).toISOString().slice(0, 23))}, 126)` };
}

/** Money of 1/10,000. */
export function moneyLiteral(money: bigint): Literal {
  const digits = (money < 0n ? -money : money).toString().padStart(5, '0');
  return { raw: `CAST('${money < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}' AS numeric(18, 4))` };
}

function literal(value: Literal): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `N'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'object' ? value.raw : String(value);
}
