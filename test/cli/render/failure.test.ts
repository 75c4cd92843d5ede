import { describe, expect, it } from 'vitest';

import { renderFailure } from '../../../src/cli/render/failure.ts';
import { Secret } from '../../../src/core/secret.ts';
import { DatabaseUnavailable } from '../../../src/ports/database.ts';

const WORD = 'Word-of-nobody-0123456789';

describe('a failure', () => {
  it.each(['ru', 'en'] as const)('that is a fault shows its message in %s without a secret or the password of an address', (language) => {
    const token = new Secret(`7000000001:${'S'.repeat(35)}`);
    const { code, text } = renderFailure(new Error(`at bot${token.reveal()}/getMe, mssql://tp:${WORD}@srv/T: no such thing`), language);
    expect(code).toBe(1);
    expect(text).toContain('at bot***/getMe, mssql://tp:***@srv/T: no such thing');
  });

  it.each(['ru', 'en'] as const)('of the database shows the server’s words in %s without a secret', (language) => {
    expect(new Secret(WORD).reveal()).toBe(WORD);
    const { text } = renderFailure(new DatabaseUnavailable('denied', `no right for ${WORD}`), language);
    expect(text).toContain('***');
    expect(text).not.toContain(WORD);
  });

  it.each([
    ['ru', /^Базы данных site\.sqlite нет\. Впишите адрес базы Tillypad в настройку `database` или `sqlServer`\. .*-- ФАЙЛ/],
    ['en', /^The database site\.sqlite does not exist\. Put the address of Tillypad’s database into `database` or `sqlServer`.* -- FILE/],
  ] as const)('of a database that is missing names the setting first and the sample second (%s)', (language, sentence) => {
    expect(renderFailure(new DatabaseUnavailable('missing', 'site.sqlite'), language).text).toMatch(sentence);
  });
});
