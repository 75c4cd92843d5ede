import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { generatedDocuments } from '../../scripts/docs/generated.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { FIELDS } from '../../src/cli/settings/fields.ts';
import { DELIVERY_STATES } from '../../src/core/glossary.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the documents', () => {
  it.each(generatedDocuments())('$path is what the code says; else: npm run docs', ({ path, text }) => {
    expect(readFileSync(resolve(ROOT, path), 'utf8')).toBe(text);
  });

  it('name every state of a delivery', () => {
    const states = readFileSync(resolve(ROOT, 'docs/states.md'), 'utf8');
    for (const state of DELIVERY_STATES) expect(states).toContain(`| ${state} |`);
  });

  it.each(['docs/sms.md', 'docs/ru/sms.md'])('%s names every setting of invitations with its default', (path) => {
    const text = readFileSync(resolve(ROOT, path), 'utf8');
    for (const { path: setting, notes } of FIELDS.filter((field) => field.path.startsWith('sms.'))) {
      const row = text.split('\n').find((line) => line.startsWith('| `sms.') && line.includes(`\`${setting}\``)) ?? setting;
      const { default: usual } = notes;
      if (usual !== undefined && usual !== '')
        expect(row).toContain(`\`${Array.isArray(usual) ? `[${usual.join(', ')}]` : String(usual)}\``);
      expect(row).toContain('|');
    }
  });

  it.each(['docs/security.md', 'docs/ru/security.md'])('%s names only tests that there are', (path) => {
    const named = [...readFileSync(resolve(ROOT, path), 'utf8').matchAll(/`(test\/[^`]+)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !existsSync(resolve(ROOT, name)))).toEqual([]);
  });

  it.each(['docs/setup.md', 'docs/ru/setup.md'])('%s names only commands that there are', (path) => {
    const text = readFileSync(resolve(ROOT, path), 'utf8');
    const known = new Set([...COMMANDS.map(({ name }) => name), ...COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''), 'tpxl']);
    const named = [...text.matchAll(/tp-tg-notify ([a-z]+)/gu)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([
    'README.md',
    'docs/ru/README.md',
    'docs/setup.md',
    'docs/ru/setup.md',
    'docs/tpxl.md',
    'docs/ru/tpxl.md',
    'docs/sms.md',
    'docs/scale.md',
    'docs/ru/scale.md',
    'docs/verified.md',
    'docs/ru/verified.md',
    'docs/ru/sms.md',
    'docs/security.md',
    'docs/ru/security.md',
  ])('%s links only to what is there', (path) => {
    const text = readFileSync(resolve(ROOT, path), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? '').filter((link) => !link.startsWith('http'));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(resolve(ROOT, dirname(path), link)))).toEqual([]);
  });
});
