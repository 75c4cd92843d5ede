/** One line about an error of the network, with its code; of several addresses tried in vain, about the first. */
export function describeMishap(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describeMishap(error.errors[0]);
  if (!(error instanceof Error)) return 'unknown';
  const code = codeOf(error);
  if (error.message === '') return code ?? error.name;
  return code === null || error.message.includes(code) ? error.message : `${error.message} (${code})`;
}

export function codeOf(error: unknown): string | null {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
