import { describe, expect, it } from 'vitest';
import { imagesToStart } from '../support/mssql-images.ts';

const image = (version: string): string => `mcr.microsoft.com/mssql/server:${version}-latest`;

describe('the images that tests are started on', () => {
  it.each([
    ['2017', 130],
    ['2019', null],
    ['2022', null],
    ['2025', null],
  ])('of %s makes its databases at level %s', async (version, level) => {
    expect(await imagesToStart({ TP_TEST_MSSQL_IMAGE: image(version) })).toEqual([{ image: image(version), level }]);
  });

  it('are none where a server is named', async () => {
    expect(await imagesToStart({ TP_TEST_MSSQL: 'mssql://x@y/z', TP_TEST_MSSQL_IMAGE: image('2017') })).toEqual([]);
  });
});
