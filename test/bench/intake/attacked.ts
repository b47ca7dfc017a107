import { join } from 'node:path';
import { anIntegrationWithToken } from '@pagebridge/testing';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import { type Contender, type Figures, type Finding, withResource } from '../harness/bench.ts';
import { latencyFigures } from '../harness/statistics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';
import {
  type Attack,
  type AttackFigures,
  attack,
  packBodies,
  sendUsual,
  type TokenOfKind,
  type UsualFigures,
  type UsualLoad,
} from './attack-load.ts';

export const besideAttackers = 'beside attackers';

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
