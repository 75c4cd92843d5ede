/** How Tillypad's task starts the program: through the Agent, through xp_cmdshell and the scheduler of Windows, or not at all. */
export const START_WAYS = ['agent', 'xp_cmdshell', 'none'] as const;
export type StartWay = (typeof START_WAYS)[number];

/** What the database's server allows, as far as this login can see; null = it can't. */
export interface ServerStart {
  readonly engine: 'embedded' | 'sql_server';
  /** Name of the database on the server; empty on the embedded engine. */
  readonly database: string;
  /** SERVERPROPERTY('EngineEdition'): 2 Standard, Web, Business · 3 Enterprise, Developer, Evaluation · 4 Express · 5 and above the cloud's. */
  readonly edition: number | null;
  readonly platform: 'windows' | 'linux' | null;
  /** The Agent's service, or else whether it has its procedures switched on, which it does as long as it runs. */
  readonly agentRunning: boolean | null;
  readonly shellEnabled: boolean | null;
  /** `msdb.dbo.tgn_start` and `master.dbo.tgn_start`, by which the ways go. */
  readonly agentReady: boolean | null;
  readonly shellReady: boolean | null;
  /** What the task goes by now; null before anybody chose, which is like none. */
  readonly way: StartWay | null;
}

/** Why a way can't be gone, or what is left to do before: each names a sentence. */
export type StartObstacle =
  | 'embedded'
  | 'edition_without_agent'
  | 'linux'
  | 'agent_stopped'
  | 'agent_unseen'
  | 'shell_off'
  | 'shell_unseen'
  | 'not_set_up'
  | 'set_up_unseen';

export interface JudgedWay {
  readonly way: StartWay;
  /** The server lets it be set up. */
  readonly allowed: boolean;
  /** Set up, too. */
  readonly ready: boolean;
  readonly obstacles: readonly StartObstacle[];
}

/** Editions whose Agent runs programs. Express has none, the cloud's run no programs. */
const WITH_AGENT: readonly number[] = [2, 3];

/** Every way in the order of preference. */
export function judgeWays(server: ServerStart): readonly JudgedWay[] {
  return [judgeAgent(server), judgeShell(server), { way: 'none', allowed: true, ready: true, obstacles: [] }];
}

/** The Agent where the server has it, else xp_cmdshell where it is allowed, else none. */
export function chooseWay(server: ServerStart): StartWay {
  return judgeWays(server).find(({ allowed }) => allowed)?.way ?? 'none';
}

function judgeAgent({ engine, edition, platform, agentRunning, agentReady }: ServerStart): JudgedWay {
  const never: StartObstacle[] = [
    ...(engine === 'embedded' ? (['embedded'] as const) : []),
    ...(engine === 'sql_server' && (edition === null || !WITH_AGENT.includes(edition)) ? (['edition_without_agent'] as const) : []),
    ...(platform === 'linux' ? (['linux'] as const) : []),
  ];
  const now: StartObstacle[] = agentRunning === true ? [] : [agentRunning === null ? 'agent_unseen' : 'agent_stopped'];
  return judged('agent', { never, blocking: agentRunning === false ? now : [], open: now, ready: agentReady });
}

function judgeShell({ engine, platform, shellEnabled, shellReady }: ServerStart): JudgedWay {
  const never: StartObstacle[] = [
    ...(engine === 'embedded' ? (['embedded'] as const) : []),
    ...(platform === 'linux' ? (['linux'] as const) : []),
  ];
  const now: StartObstacle[] = shellEnabled === true ? [] : [shellEnabled === null ? 'shell_unseen' : 'shell_off'];
  return judged('xp_cmdshell', { never, blocking: now, open: now, ready: shellReady });
}

function judged(
  way: StartWay,
  found: {
    readonly never: readonly StartObstacle[];
    readonly blocking: readonly StartObstacle[];
    readonly open: readonly StartObstacle[];
    readonly ready: boolean | null;
  },
): JudgedWay {
  const { never, blocking, open, ready } = found;
  if (never.length > 0) return { way, allowed: false, ready: false, obstacles: never };
  const left: StartObstacle[] = ready === true ? [] : [ready === null ? 'set_up_unseen' : 'not_set_up'];
  return { way, allowed: blocking.length === 0, ready: open.length === 0 && ready === true, obstacles: [...open, ...left] };
}
