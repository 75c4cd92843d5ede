import { MSSQLServerContainer } from '@testcontainers/mssqlserver';
import type { TestProject } from 'vitest/node';

import { parseServerAddress } from '../../src/core/server-place.ts';
import { openConnection } from '../../src/sql-server/connection.ts';

/** Starts the project's image before its first test file and stops it after the last. Starting one accepts Microsoft's licence for it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TP_IMAGE: image = '', TP_LEVEL: level = '' } = project.config.env;
  const container = await new MSSQLServerContainer(image).acceptLicense().start();
  const [user, password] = [container.getUsername(), container.getPassword()].map((text) => encodeURIComponent(text));
  const address = `mssql://${user}:${password}@${container.getHost()}:${container.getPort()}/${container.getDatabase()}?trustServerCertificate=yes`;
  if (level !== '') await setLevel(address, Number(level));
  project.provide('sqlServer', address);
  return async () => void (await container.stop());
}

/** New databases take the level of `model`. */
async function setLevel(address: string, level: number): Promise<void> {
  const parsed = parseServerAddress(address);
  if (!parsed.ok) throw new Error(parsed.code);
  const connection = await openConnection({ place: parsed.place });
  await connection.executeBatch(`ALTER DATABASE model SET COMPATIBILITY_LEVEL = ${level}`);
  await connection.close();
}
