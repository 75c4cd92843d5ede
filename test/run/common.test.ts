import { describe, expect, it } from 'vitest';
import { commonSettings } from '../../src/run/common.ts';
import { taskSettings } from '../support/task-settings.ts';

describe('the longest call of a run', () => {
  it('is the longest to Telegram where nobody is invited', () => {
    const tasks = [taskSettings({ timeoutMs: 20_000 }), taskSettings({ timeoutMs: 40_000, sms: { timeoutMs: 90_000 } })];
    expect(commonSettings(tasks).requestTimeoutMs).toBe(40_000);
  });

  it('is one to an SMS operator where that may last longer', () => {
    const inviting = taskSettings({ timeoutMs: 20_000, sms: { operator: 'smsru', timeoutMs: 90_000 } });
    expect(commonSettings([taskSettings({ timeoutMs: 40_000 }), inviting]).requestTimeoutMs).toBe(90_000);
    expect(commonSettings([taskSettings({ timeoutMs: 100_000 }), inviting]).requestTimeoutMs).toBe(100_000);
  });
});
