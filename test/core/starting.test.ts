import { describe, expect, it } from 'vitest';

import { chooseWay, judgeWays } from '../../src/core/starting.ts';
import type { ServerStart, StartWay } from '../../src/core/starting.ts';
import { serverStart } from '../support/fake-doors.ts';

const judged = (way: StartWay, wish: Partial<ServerStart>) => judgeWays(serverStart(wish)).find((one) => one.way === way);

describe('the way of starting', () => {
  it.each([
    ['the Agent where the server has it', {}, 'agent'],
    ['the Agent even where xp_cmdshell is allowed', { shellEnabled: true }, 'agent'],
    ['the Agent where nobody can see whether it runs', { agentRunning: null }, 'agent'],
    ['xp_cmdshell on Express where it is allowed', { edition: 4, shellEnabled: true }, 'xp_cmdshell'],
    ['xp_cmdshell where the Agent is stopped', { agentRunning: false, shellEnabled: true }, 'xp_cmdshell'],
    ['none on Express without xp_cmdshell', { edition: 4 }, 'none'],
    ['none where nobody can see whether xp_cmdshell is on', { edition: 4, shellEnabled: null }, 'none'],
    ['none on Linux', { platform: 'linux', shellEnabled: true }, 'none'],
    ['none on the embedded engine', { engine: 'embedded', edition: null, platform: null }, 'none'],
    ['none in the cloud', { edition: 8 }, 'none'],
  ] as const)('is %s', (_what, wish, way) => {
    expect(chooseWay(serverStart(wish))).toBe(way);
  });

  it('is ready only when it is set up and what it needs runs', () => {
    expect(judged('agent', { agentReady: true })).toEqual({ way: 'agent', allowed: true, ready: true, obstacles: [] });
    expect(judged('agent', {})).toMatchObject({ ready: false, obstacles: ['not_set_up'] });
    expect(judged('agent', { agentReady: true, agentRunning: false })).toMatchObject({ ready: false, obstacles: ['agent_stopped'] });
    expect(judged('agent', { agentReady: null, agentRunning: null })).toMatchObject({ obstacles: ['agent_unseen', 'set_up_unseen'] });
    expect(judged('xp_cmdshell', { shellEnabled: true, shellReady: true })).toMatchObject({ allowed: true, ready: true });
    expect(judged('xp_cmdshell', { shellReady: true })).toMatchObject({ allowed: false, ready: false, obstacles: ['shell_off'] });
    expect(judged('none', { edition: 4 })).toMatchObject({ allowed: true, ready: true });
  });

  it('is never the Agent of Express, set up or not', () => {
    expect(judged('agent', { edition: 4, agentReady: true })).toEqual({
      way: 'agent',
      allowed: false,
      ready: false,
      obstacles: ['edition_without_agent'],
    });
  });
});
