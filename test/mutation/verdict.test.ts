import { describe, expect, it } from 'vitest';

import { firstCaught, readReport, readStorms } from './verdict.ts';
import type { Report, Verdict } from './verdict.ts';

const failed = (message: string, fullName = 'a link is refused'): Report => ({
  testResults: [
    {
      name: '/tree/test/a.test.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        { status: 'passed', fullName: 'first' },
        { status: 'failed', fullName, failureMessages: [message] },
      ],
    },
  ],
});
const noTest = (message: string): Report => ({
  testResults: [{ name: '/tree/test/a.test.ts', status: 'failed', message, assertionResults: [] }],
});

describe('a mutant is', () => {
  it('caught by a test that says what is otherwise', () => {
    const verdict = readReport(failed('AssertionError: expected 1 to be 2'), '/tree');
    expect(verdict).toEqual({ verdict: 'caught', by: 'test/a.test.ts: a link is refused' });
  });

  it('caught where the test can’t read the program’s answer', () => {
    const message = 'SyntaxError: Unexpected token \'T\', "The link" is not valid JSON';
    expect(readReport(failed(message), '/tree').verdict).toBe('caught');
  });

  it.each([
    'ReferenceError: former is not defined',
    'Error: near "whre": syntax error',
    'Error: no such column: delivry_no',
    "RequestError: Incorrect syntax near 'FROM'.",
    "RequestError: Invalid column name 'offst'.",
    'RequestError: Must declare the scalar variable "@nw".',
    'RequestError: column "offst" does not exist',
  ])('no program where a test stumbles over it: %s', (message) => {
    expect(readReport(failed(message), '/tree').verdict).toBe('loads not');
  });

  it.each(['Error: Transform failed with 1 error', 'Error: beforeAll: the script ended with 2'])(
    'no program where the file’s tests never begin: %s',
    (message) => {
      expect(readReport(noTest(message), '/tree').verdict).toBe('loads not');
    },
  );

  it('no program where the tests end without a word', () => {
    expect(readReport({ testResults: [] }, '/tree').verdict).toBe('loads not');
  });

  it('one that hangs where a test or its preparation waits in vain', () => {
    expect(readReport(failed('Error: Test timed out in 30000ms.'), '/tree').verdict).toBe('hangs');
    expect(readReport(noTest('Error: Hook timed out in 30000ms.'), '/tree').verdict).toBe('hangs');
  });

  it('caught by a storm that names its seed and what was broken, and by no other end of it', () => {
    expect(readStorms('seed 7: operation 3 is lost\n')).toEqual({ verdict: 'caught', by: 'a storm, seed 7: operation 3 is lost' });
    expect(readStorms('seed 1: ReferenceError: former is not defined\n').verdict).toBe('loads not');
    expect(readStorms('file:///tree/src/run/run.ts:3\nSyntaxError: Unexpected token').verdict).toBe('loads not');
  });

  it('judged by whoever caught it, also after others that only stumbled', () => {
    const stumbled: Verdict = { verdict: 'loads not', by: 'a test' };
    const caught: Verdict = { verdict: 'caught', by: 'a storm' };
    expect(firstCaught([stumbled, caught])).toBe(caught);
    expect(firstCaught([{ verdict: 'unnoticed' }, stumbled])).toBe(stumbled);
    expect(firstCaught([{ verdict: 'unnoticed' }])).toEqual({ verdict: 'unnoticed' });
  });
});
