import { describe, expect, it } from 'vitest';

import { tellFailure } from '../../src/cli/task-log.ts';
import { DatabaseUnavailable } from '../../src/ports/database.ts';
import type { UnavailableCode } from '../../src/ports/database.ts';
import { fakeDoors } from '../support/fake-doors.ts';

/** How often the logs of the tasks were opened for a run that failed so. */
async function opened(error: Error): Promise<number> {
  let times = 0;
  const call = fakeDoors().call();
  const openTaskLog: typeof call.doors.openTaskLog = async (place) => {
    times += 1;
    return call.doors.openTaskLog(place);
  };
  await tellFailure({ ...call, doors: { ...call.doors, openTaskLog } }, error);
  return times;
}

describe('a run that failed', () => {
  it.each<UnavailableCode>(['locked', 'full', 'slow', 'dropped', 'denied_runner', 'no_index'])(
    'is told in the logs of its tasks when the database has let it in: %s',
    async (code) => {
      expect(await opened(new DatabaseUnavailable(code, 'detail'))).toBe(1);
    },
  );

  it.each<UnavailableCode>(['missing', 'no_server', 'login', 'certificate', 'recovery'])(
    'doesn’t knock a second time where nobody was let in: %s',
    async (code) => {
      expect(await opened(new DatabaseUnavailable(code, 'detail'))).toBe(0);
    },
  );

  it('is told of a fault of the program', async () => {
    expect(await opened(new TypeError('a mistake'))).toBe(1);
  });
});
