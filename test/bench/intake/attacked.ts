import { join } from 'node:path';
import { anIntegrationWithToken } from '@pagebridge/testing';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import { latencyFigures } from '../harness/statistics.ts';
import { type Contender, type Figures, type Finding, type Testbed, withResource } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';

/** The program that sends a load of requests. */
export const sendRequests = join(import.meta.dirname, 'programs/send-requests.ts');

/** A load of requests, each with some alerts that nobody has seen before. */
export interface RequestLoad {
  readonly url: string;
  readonly token?: string;
  /** A webhook as Alertmanager sends it, or the list that it takes itself. */
  readonly form: 'webhook' | 'list';
  readonly alertsEach: number;
  readonly seconds: number;
  /** Requests a second, whether earlier ones were answered or not; 0: sixteen at once, each after an answer. */
  readonly perSecond: number;
  /** The handles of the alerts in turn, without `@oncall-`; by default of a team that nobody knows. */
  readonly teams?: readonly string[];
}

export interface RequestFigures {
  readonly sent: number;
  readonly refused: number;
  readonly alertsPerSecond: number;
  readonly ms: readonly number[];
}

/** The programs that make the bodies of an attack, that attack, and that send a request of each kind at a usual rate beside them. */
const packBodies = join(import.meta.dirname, 'programs/pack-bodies.ts');
const attack = join(import.meta.dirname, 'programs/attack.ts');
const sendUsual = join(import.meta.dirname, 'programs/send-usual.ts');

type TokenOfKind = Readonly<Record<IntegrationKind, string>>;

/** Where the bodies of the attackers with these tokens, and of strangers, are put. */
export interface Packing {
  readonly file: string;
  readonly tokens: TokenOfKind;
}

export interface Packed {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In base64. */
  readonly body: string;
}

export interface PackedBodies {
  /** Those of each attacker. */
  readonly attackers: readonly (readonly Packed[])[];
  readonly strangers: readonly Packed[];
}

/** An attack on an instance of this machine, by an integration of each kind and by strangers. */
export interface Attack {
  readonly url: string;
  readonly file: string;
  readonly seconds: number;
  /** The connections of each integration, and of strangers with the worst bodies and without any. */
  readonly connections: number;
  readonly strangers: number;
  readonly silent: number;
}

/** How often an attack was answered, by status; 0: not at all. */
export interface AttackFigures {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly silentConnections: number;
}

export interface UsualLoad {
  readonly url: string;
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly startAt: number;
  readonly tokens: TokenOfKind;
  readonly perSecond: number;
}

/** The times of all requests of a kind, also of those that were refused or not answered. */
export interface UsualFigures {
  readonly ms: readonly number[];
  readonly refused: Readonly<Record<string, number>>;
}

const besideAttackers = 'beside attackers';

/** What an attack may do to others: a p99 of so much, or of so many times their p99 without it if that is more. */
const [leastBoundMs, timesAlone] = [250, 3];
const perSecond = 10;
const strength: Pick<Attack, 'connections' | 'strangers' | 'silent'> = { connections: 4, strangers: 4, silent: 80 };
/** In which the attackers start, before what is measured beside them. */
const startingMs = 8_000;
// The container of the chart has this heap.
const asDeployed = { HOST: '127.0.0.1', ACCESS_TOKENS: 'on', NODE_OPTIONS: '--max-old-space-size=1075' };

interface Attacked {
  readonly url: string;
  readonly usual: TokenOfKind;
  /** The bodies of the attackers. */
  readonly file: string;
  readonly testbed: Testbed;
}

/** Measures what an integration of each kind notices of attackers: one of each kind of other orgs, and strangers. */
export const attacked = (testbed: Testbed): Contender =>
  withResource(
    besideAttackers,
    () => opened(testbed.branch('attacked')),
    measured,
    ({ testbed: own }) => own.stop(),
  );

async function opened(testbed: Testbed): Promise<Attacked> {
  const path = await PagePath.on(testbed, []);
  const tokensIn = async (orgOf: (kind: IntegrationKind) => string): Promise<TokenOfKind> => {
    const all = integrationKinds.map((kind) => {
      const { token, records } = anIntegrationWithToken({ sourceOrg: orgOf(kind), name: kind, kind });
      return { kind, token, records };
    });
    await path.publish(all.flatMap(({ records }) => records));
    return Object.fromEntries(all.map(({ kind, token }) => [kind, token])) as Record<IntegrationKind, string>;
  };
  const usual = await tokensIn(() => 'acme-us');
  const attacking = await tokensIn((kind) => `mallory-${kind}`);
  const file = join(testbed.folder.path, 'bodies.json');
  await testbed.progress.step('making the bodies of the attackers', () =>
    testbed.run(packBodies, { file, tokens: attacking }),
  );
  const { spec } = await path.start('alert-intake', 'alert-intake-attacked', asDeployed);
  await path.close();
  const attacked = { url: `http://127.0.0.1:${spec.env?.PORT}`, usual, file, testbed };
  await testbed.progress.step('warming up', () => sentUsual(attacked, 5));
  return attacked;
}

const sentUsual = ({ testbed, url, usual }: Attacked, seconds: number, startAt = Date.now()) => {
  const load: UsualLoad = { url, seconds, startAt, tokens: usual, perSecond };
  return testbed.run<Record<IntegrationKind, UsualFigures>>(sendUsual, load);
};

async function measured(attacked: Attacked): Promise<Figures> {
  const { testbed, url, file } = attacked;
  const seconds = testbed.quick ? 10 : 30;
  // What an earlier attack left behind ends in this time.
  await sentUsual(attacked, 5);
  const alone = await sentUsual(attacked, seconds);
  const startAt = Date.now() + startingMs;
  const load: Attack = { url, file, seconds: seconds + startingMs / 1000, ...strength };
  const [{ startedAt, answers, silentConnections }, beside] = await Promise.all([
    testbed.run<AttackFigures>(attack, load),
    sentUsual(attacked, seconds, startAt),
  ]);
  if (startedAt > startAt) throw new Error('the attackers came too late: this machine has too much to do');
  return {
    ...Object.fromEntries(
      integrationKinds.flatMap((kind) => Object.entries(figuresOf(kind, alone[kind], beside[kind]))),
    ),
    ...Object.fromEntries(Object.entries(answers).map(([status, count]) => [`attackersAnswered${status}`, count])),
    silentConnections,
  };
}

function figuresOf(kind: IntegrationKind, alone: UsualFigures, beside: UsualFigures): Figures {
  const [aloneMs, besideMs] = [alone, beside].map(({ ms }) => latencyFigures(ms).p99Ms) as [number, number];
  return {
    [`${kind}AloneP99Ms`]: aloneMs,
    [`${kind}AloneRefused`]: countIn(alone.refused),
    [`${kind}P99Ms`]: besideMs,
    [`${kind}Times`]: besideMs / aloneMs,
    [`${kind}OfBound`]: besideMs / Math.max(leastBoundMs, timesAlone * aloneMs),
    [`${kind}Refused`]: countIn(beside.refused),
  };
}

const countIn = (refused: UsualFigures['refused']): number =>
  Object.values(refused).reduce((sum, count) => sum + count, 0);

/** For each kind: its p99 as a share of its bound, and how many of its requests were refused. */
export const attackFindings: readonly Finding[] = integrationKinds.flatMap((kind) => [
  {
    name: `p99 of ${kind} beside attackers, to the larger of ${leastBoundMs} ms and ${timesAlone} times that without them`,
    figure: `${kind}OfBound`,
    of: besideAttackers,
    goal: { atMost: 1 },
  },
  {
    name: `requests of ${kind} refused beside attackers`,
    figure: `${kind}Refused`,
    of: besideAttackers,
    goal: { atMost: 0 },
  },
]);
