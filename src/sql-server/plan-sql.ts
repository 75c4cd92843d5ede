import { readScript } from './install.ts';

export interface PlanRequest {
  /** Null: the key isn't made yet. */
  readonly keyFingerprint: string | null;
  readonly noteTypes: readonly string[];
}

/** The whole of what `install` sends, in ASCII: the script, then the call that makes what only this installation knows. */
export function planSql({ keyFingerprint, noteTypes }: PlanRequest): string {
  const calls = noteTypes.map((noteType) => foundPlace(keyFingerprint ?? 'FINGERPRINT', noteType));
  const introduction =
    keyFingerprint === null
      ? '-- What only this installation knows. No link key can be read here: `install` makes one where there is none, and calls this with its fingerprint.'
      : "-- What only this installation knows: the place, the link key's fingerprint, the note type (the only row in Tillypad's own tables).\n-- @paused = 1: nothing is sent until `resume`.";
  const text = calls.join('\n');
  return `${readScript()}\n${introduction}\n${keyFingerprint === null ? text.replaceAll(/^/gmu, '-- ') : text}\n`;
}

function foundPlace(keyFingerprint: string, noteType: string): string {
  return `DECLARE @note_type nvarchar(400);
SET @note_type = ${literal(noteType)};
IF OBJECT_ID(N'tgn_admin.found_place', N'P') IS NOT NULL
  EXEC tgn_admin.found_place @key_fingerprint = ${literal(keyFingerprint)}, @paused = 0, @note_type = @note_type;
GO`;
}

/** In ASCII, as the script is: whatever code page a console or a file has, the same text arrives. */
function literal(text: string): string {
  const parts = [...text.matchAll(/\p{ASCII}+|\P{ASCII}+/gu)].map(([part]) =>
    /^\p{ASCII}/u.test(part)
      ? `N'${part.replaceAll("'", "''")}'`
      : Array.from({ length: part.length }, (_none, index) => `NCHAR(${part.charCodeAt(index)})`).join(' + '),
  );
  return parts.join(' + ');
}
