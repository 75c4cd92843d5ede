import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { echoes, findEchoed } from './echoed-secrets.ts';
import { forgeriesThatPass, links } from './forged-links.ts';
import { findNamed, guestBooks } from './masked-run.ts';

const SEED = 20_261_124;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Tokens, links' payloads, the file of a link key, operators' keys, each by its form, but those that show by a word or by letters in rows that
 * nobody drew them: what is random has no three equal letters in a row and ten different ones.
 */
function findSecrets(text: string): readonly string[] {
  const forms = [
    /\b\d{8,11}:([\w-]{35})(?![\w-])/g,
    /[?&]start=([\w-]{36})(?![\w-])/g,
    /"keys"\s*:\s*\{\s*"\d+"\s*:\s*"([A-Za-z\d+/]{43}=)"/g,
    /\b(?:apiKey|api_id|apikey|token)['"]?\s*[:=]\s*['"]([A-F\d]{8}-(?:[A-F\d]{4}-){3}[A-F\d]{12}|[a-z\d]{32,})['"]/gi,
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map(([, secret = '']) => secret)).filter((secret) => isDrawn(secret));
}

function isDrawn(secret: string): boolean {
  return !/(.)\1\1|no.?secret|not.?a.?real|planted|example|simulated|0123456789/i.test(secret) && new Set(secret).size >= 10;
}

describe('a personal link', { timeout: 60_000 }, () => {
  it('is worth nothing with any bit, character, spelling, bot, customer, epoch, key or installation but its own', () => {
    fc.assert(
      fc.property(links, (link) => {
        expect(forgeriesThatPass(link)).toEqual([]);
      }),
      { seed: SEED, numRuns: 1 },
    );
  });
});

describe('what is secret', { timeout: 120_000 }, () => {
  it('is in nothing that the clients say, in whatever spelling a service says it back', async () => {
    const property = fc.asyncProperty(echoes, async (echo) => {
      expect(await findEchoed(echo)).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 40 });
  });

  it('is not in the log of a whole day, nor is a guest’s name or phone', async () => {
    const property = fc.asyncProperty(guestBooks, async (guests) => {
      expect(await findNamed(guests)).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 1 });
  });

  it('is known by its form, wherever it stands', () => {
    const bytes = createHash('sha256').update('as good as drawn').digest();
    const drawn = bytes.subarray(0, 27).toString('base64url');
    const uuid = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
    for (const text of [
      `123456789:${drawn.slice(1)}`,
      `https://t.me/x?start=${drawn}`,
      `{"current":1,"keys":{"1":"${bytes.toString('base64')}"}}`,
      `apiKey: '${uuid}'`,
    ])
      expect(findSecrets(text), text).toHaveLength(1);
  });

  it('stands in no snapshot, golden file or page of this repository', () => {
    const files = execFileSync(
      'git',
      ['ls-files', '-z', 'docs', 'README.md', '*.snap', '*/golden/*', '*.json', '*.yaml', '*.yml', '*.ts', '*.sql'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    )
      .split('\u0000')
      .filter((name) => name !== '' && name !== 'package-lock.json');
    expect(files.length).toBeGreaterThan(10);
    const found = files.flatMap((name) => findSecrets(readFileSync(`${ROOT}${name}`, 'utf8')).map((secret) => `${name}: ${secret}`));
    expect(found).toEqual([]);
  });
});
