import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { hidePasswords, isServerAddress, parseServerAddress, showServerPlace } from '../../src/core/server-place.ts';

function place(address: string) {
  const parsed = parseServerAddress(address);
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.place;
}

describe('an address of SQL Server', () => {
  it('holds all that a connection needs', () => {
    const found = place('mssql://tp-tg-notify:p%40ss%3Aw@srv-1:14330/Tillypad');
    expect(found).toMatchObject({
      server: 'srv-1',
      port: 14_330,
      instance: null,
      database: 'Tillypad',
      user: 'tp-tg-notify',
      domain: null,
    });
    expect(found.password.reveal()).toBe('p@ss:w');
    expect(found).toMatchObject({ encrypt: true, trustServerCertificate: false, multiSubnetFailover: false });
  });

  it('takes the usual port, an instance instead of one, and the options in any case', () => {
    expect(place('mssql://u:p@h/d').port).toBe(1433);
    expect(place('mssql://u:p@h\\EXPRESS/d')).toMatchObject({ port: null, instance: 'EXPRESS' });
    expect(place('mssql://u:p@h/d?instance=EXPRESS&domain=OFFICE')).toMatchObject({ instance: 'EXPRESS', domain: 'OFFICE' });
    expect(place('MSSQL://u:p@[fe80::1]:1433/d')).toMatchObject({ server: 'fe80::1', port: 1433 });
    expect(place('mssql://u:p@h/d?ENCRYPT=no&trustservercertificate=yes&multiSubnetFailover=true')).toMatchObject({
      encrypt: false,
      trustServerCertificate: true,
      multiSubnetFailover: true,
    });
  });

  it.each([
    ['mssql://u:p@/d', 'no_server'],
    ['mssql://u:p@h', 'no_database'],
    ['mssql://u:p@h/', 'no_database'],
    ['mssql://h/d', 'no_user'],
    ['mssql://u@h/d', 'no_password'],
    ['mssql://u:p%@h/d', 'bad_escape'],
    ['mssql://u:p@h:0/d', 'bad_port'],
    ['mssql://u:p@h:99999/d', 'bad_port'],
    ['mssql://u:p@h:x/d', 'bad_port'],
    ['mssql://u:p@h:1433/d?instance=i', 'port_and_instance'],
    ['mssql://u:p@h/d?enc=no', 'unknown_option'],
    ['mssql://u:p@h/d?encrypt=perhaps', 'bad_option'],
    ['mssql:u', 'not_an_address'],
  ])('is refused by name: %s', (address, code) => {
    expect(parseServerAddress(address)).toMatchObject({ ok: false, code });
  });

  it('takes a password from elsewhere, its own first', () => {
    const elsewhere = new Secret('other');
    const [without, within] = ['mssql://u@h/d', 'mssql://u:own@h/d'].map((address) => parseServerAddress(address, elsewhere));
    expect(without?.ok === true && without.place.password.reveal()).toBe('other');
    expect(within?.ok === true && within.place.password.reveal()).toBe('own');
  });

  it('is shown, printed and refused without its password', () => {
    const secret = 'Pa55word';
    const found = place(`mssql://u:${secret}@h:1433/d`);
    expect(showServerPlace(found)).toBe('mssql://u@h/d');
    expect(JSON.stringify(found)).not.toContain(secret);
    expect(JSON.stringify(parseServerAddress(`mssql://u:${secret}@h:99999/d`))).not.toContain(secret);
    expect(hidePasswords(`failed: mssql://u:${secret}@h/d`)).toBe('failed: mssql://u:***@h/d');
  });

  it('is read back from any user, password and database', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (user, password, database) => {
        const [u, p, d] = [user, password, database].map((part) => encodeURIComponent(part.toWellFormed()));
        const found = place(`mssql://${u}:${p}@srv/${d}`);
        expect([found.user, found.password.reveal(), found.database]).toEqual(
          [user, password, database].map((part) => part.toWellFormed()),
        );
      }),
    );
  });

  it('is told from a path', () => {
    expect(isServerAddress('mssql://u@h/d')).toBe(true);
    for (const path of ['/srv/site.sqlite', 'C:\\data\\site.sqlite', 'mssql.sqlite']) expect(isServerAddress(path)).toBe(false);
  });
});
