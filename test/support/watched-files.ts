import type * as NodeFs from 'node:fs';

/** Calls that make a file durable, in their order; the file system does them as ever. */
export function watchFiles(fs: typeof NodeFs, calls: string[]): typeof NodeFs {
  const { writeSync, writeFileSync, fsyncSync, renameSync, linkSync } = fs;
  const told =
    <Args extends readonly unknown[], Result>(name: string, call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      calls.push(name);
      return call(...args);
    };
  return {
    ...fs,
    writeSync: told('write', writeSync as (...args: unknown[]) => number) as typeof writeSync,
    writeFileSync: told('write', writeFileSync),
    fsyncSync: told('flush', fsyncSync),
    renameSync: told('put in place', renameSync),
    linkSync: told('put in place', linkSync),
  };
}
