/** Who runs the program, on POSIX. */
export interface Account {
  readonly uid: number;
  /** Of its primary group. */
  readonly gid: number;
}

const GROUP_WRITES = 0o020;

/**
 * A file's permission bits, without its group's right to write where nobody but the account stands in that group. Members of a group can't be
 * asked for everywhere; what can is whether it is the account's primary group and has the account's own number, as Linux makes it together with
 * the account. Any other group counts as others.
 */
export function rightsBeside({ mode, gid }: { readonly mode: number; readonly gid: number }, account: Account | null): number {
  const isOwn = account !== null && gid === account.gid && gid === account.uid;
  return isOwn ? mode & ~GROUP_WRITES : mode;
}

/** The account of this process; null where there are none of that kind (Windows). */
export function accountOf({
  getuid,
  getgid,
}: {
  getuid?: (() => number) | undefined;
  getgid?: (() => number) | undefined;
}): Account | null {
  return getuid === undefined || getgid === undefined ? null : { uid: getuid(), gid: getgid() };
}
