import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const PROCEDURES = new URL('sql/sql-server/procedures/', ROOT);

/** The reports with their parameters, as the procedures' own texts declare them. */
const reports = new Map(
  readdirSync(PROCEDURES)
    .map((name) => readFileSync(new URL(name, PROCEDURES), 'utf8'))
    .flatMap((text) => {
      const [, name, head = ''] = /CREATE PROCEDURE tgn_report\.(\w+)\n([\s\S]*?)AS\nBEGIN/u.exec(text) ?? [];
      return name === undefined ? [] : [[name, [...head.matchAll(/(@\w+) /gu)].map((match) => match[1])] as const];
    }),
);

describe.each(['docs/reports.md', 'docs/ru/reports.md'])('%s', (path) => {
  const text = readFileSync(new URL(path, ROOT), 'utf8');
  const calls = [...text.matchAll(/EXEC tgn_report\.(\w+)([^;]*);/gu)];

  it('shows every report, and none that isn’t there', () => {
    expect(new Set(calls.map((call) => call[1]))).toEqual(new Set(reports.keys()));
  });

  it.each(calls.map((call) => [call[0], call[1] ?? '', call[2] ?? ''] as const))(
    'asks with parameters that exist: %s',
    (_call, name, rest) => {
      const asked = [...rest.matchAll(/(@\w+) =/gu)].map((match) => match[1]);
      expect(asked.filter((one) => !reports.get(name)?.includes(one))).toEqual([]);
    },
  );
});
