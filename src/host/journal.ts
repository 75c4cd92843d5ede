import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import winston from 'winston';

import type { LogSettings, OpenedJournal } from '../ports/host.ts';

/**
 * The journal of work: JSON lines in a file that is rotated by size, and warnings readable on standard error. Every line bears the run's id.
 * A journal that can't be written never stops a run: it says so once and goes on without.
 */
export function openJournal(log: LogSettings, runId: string, note: (text: string) => void): OpenedJournal {
  const readable = winston.format.printf(({ level, message, runId: _runId, timestamp, ...fields }) => {
    const rest = Object.entries(fields).map(
      ([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    );
    return [String(timestamp), level, String(message), ...rest].join(' ');
  });
  const logger = winston.createLogger({
    level: log.level,
    defaultMeta: { runId },
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [
      new winston.transports.Console({
        level: 'error',
        stderrLevels: ['error', 'warn', 'info', 'debug'],
        format: winston.format.combine(winston.format.timestamp(), readable),
      }),
    ],
  });
  const file = openFile(log, note);
  if (file !== null) logger.add(file);
  // A logger hands its files' errors on, and one that nobody listens to ends the process: a folder's place taken by a file would stop every run.
  logger.on('error', () => {});
  return {
    tell: (event, fields) => {
      logger.info(event, fields);
    },
    warn: (event, fields) => {
      logger.warn(event, fields);
    },
    fail: (event, fields) => {
      logger.error(event, fields);
    },
    close: () => closeLogger(logger, file),
  };
}

function openFile(log: LogSettings, note: (text: string) => void): winston.transports.FileTransportInstance | null {
  try {
    makeFolder(log.folder);
    tighten(join(log.folder, 'tp-tg-notify.log'));
    const file = new winston.transports.File({
      filename: join(log.folder, 'tp-tg-notify.log'),
      maxsize: log.maxSize,
      maxFiles: log.keep,
      tailable: true,
      // Who called whom and when is nobody else's business.
      options: { flags: 'a', mode: 0o600 },
    });
    let told = false;
    file.on('error', (error: Error) => {
      if (!told) note(`log: ${error.message}`);
      told = true;
    });
    return file;
  } catch (error) {
    note(`log: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** Level by level: Node's own recursive way never comes back from a place that can't hold a folder (`/proc`, some shares). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Made by another run just now.
    if (!existsSync(folder)) throw error;
  }
}

/** One that an earlier version or another program made for all to read. */
function tighten(path: string): void {
  if (process.platform !== 'win32' && existsSync(path) && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
}

/** Longer than this a stuck disk may not hold up the end of a run. */
const CLOSE_MS = 2_000;

/** Waits until the file holds every line, or until a stuck disk has had its chance. */
async function closeLogger(logger: winston.Logger, file: winston.transports.FileTransportInstance | null): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSE_MS);
  if (file === null) logger.on('finish', resolve);
  else file.on('finish', resolve).on('error', resolve);
  logger.end();
  await promise;
  clearTimeout(timer);
}
