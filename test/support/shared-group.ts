/** A group that isn't the private one of this account and to which it may give a file; null where there is none (Windows, an account in no group). */
export function sharedGroup(): number | null {
  const { getuid, getgid, getgroups } = process;
  if (getuid === undefined || getgid === undefined || getgroups === undefined) return null;
  const own = getgid();
  // The superuser may give a file to any group, one that nobody is in too.
  return getgroups().find((group) => group !== own) ?? (getuid() === 0 ? own + 4_321 : null);
}
