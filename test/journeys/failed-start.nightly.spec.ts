import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  answersOk,
  childEnvironment,
  claimFolder,
  createAllTopics,
  freePort,
  freePorts,
  type LocalProcess,
  migrate,
  Processes,
  Progress,
  type ServiceName,
  sealingKeys,
  serviceNames,
  serviceSpec,
  startInfrastructure,
} from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';

/*
 * Checks the log and exit code of a service that cannot start: one clear line, an exit code other than 0, and what the
 * service waits for. The broker is real and has no topics until the last tests.
 */
let brokers = '';
let databaseUrl = '';
let nobody = '';
let processes: Processes;
// These serve without Kafka.
const withDatabase: readonly ServiceName[] = ['connection-management', 'page-history'];
const needKafka = serviceNames.filter((name) => !withDatabase.includes(name));
// page-delivery has no port for callers.
const withPolicy: readonly ServiceName[] = serviceNames.filter((name) => name !== 'page-delivery');
// Without API tokens alert-intake does not start.
const tokens = { ACCESS_TOKENS: 'on' };
const withoutBroker = new Map<ServiceName, Promise<End>>();
let folder: ReturnType<typeof claimFolder>;

beforeAll(async () => {
  folder = claimFolder('journey-failed-start');
  processes = new Processes(folder);
  ({ brokers, databaseUrl } = await startInfrastructure(folder, processes, new Progress(), {}));
  await migrate(processes, { databaseUrl });
  nobody = `127.0.0.1:${await freePort()}`;
  // A service tries to reach its broker for half a minute: three do so in parallel, while the other tests run.
  for (const name of needKafka) withoutBroker.set(name, startOf(name, { KAFKA_BROKERS: nobody, ACCESS: 'off' }));
});

afterAll(() => processes.killAll());

interface End {
  readonly code: number | null;
  readonly lines: readonly string[];
}

async function launch(name: ServiceName, env: Readonly<Record<string, string>>) {
  const keys = await sealingKeys(folder);
  const spec = serviceSpec(
    name,
    { infrastructure: { brokers, databaseUrl }, keys, dataCenters: [] },
    { callers: 0, management: 0 },
  );
  const all = { START_WAIT_MS: '0', ...spec.env, ...tokens, ...env };
  const child = spawn(spec.command, spec.args, { env: childEnvironment(all) });
  const output: Buffer[] = [];
  child.stdout.on('data', (bytes) => output.push(bytes));
  child.stderr.on('data', (bytes) => output.push(bytes));
  return { child, text: () => Buffer.concat(output).toString() };
}

async function startOf(name: ServiceName, env: Readonly<Record<string, string>>): Promise<End> {
  const { child, text } = await launch(name, env);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lines: text().trim().split('\n') };
}

interface Waiting {
  readonly process: LocalProcess;
  readonly callers: number;
  /** The URL of its startup probe. */
  readonly started: string;
  readonly ready: string;
}

const stopDelayMs = 3000;

async function waitingStart(name: ServiceName, database: string): Promise<Waiting> {
  const [callers = 0, management = 0] = await freePorts(2);
  const dependencies = {
    infrastructure: { brokers, databaseUrl: database },
    keys: await sealingKeys(folder),
    dataCenters: [],
  };
  const spec = serviceSpec(name, dependencies, { callers, management });
  const health = `http://127.0.0.1:${management}/health`;
  const env = { ...spec.env, ...tokens, START_WAIT_MS: '120000', STOP_DELAY_MS: String(stopDelayMs) };
  const process = await processes.start({ ...spec, env, ready: () => answersOk(`${health}/live`) });
  return { process, callers, started: `${health}/started`, ready: `${health}/ready` };
}

/** Returns the message of the single fatal log line. */
const reasonIn = ({ lines }: End): string => {
  const fatal = lines.filter((line) => line.includes('"level":"fatal"'));
  expect(fatal).toHaveLength(1);
  expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([]);
  return (JSON.parse(fatal[0] ?? '') as { message: string }).message;
};

it.each(needKafka)('%s names the missing topics and the cure', async (name) => {
  const end = await startOf(name, {});
  expect(end.code).toBe(1);
  expect(reasonIn(end)).toMatch(/paging\.[a-z-]+\.v1.*`pagebridge topics create`/);
});

describe.each(serviceNames)('%s', (name) => {
  it('names all invalid variables at once', async () => {
    const end = await startOf(name, { KAFKA_BROKERS: 'no port', LOG_LEVEL: 'loud', MANAGEMENT_PORT: 'eighty' });
    expect(end.code).toBe(1);
    expect(reasonIn(end)).toMatch(/KAFKA_BROKERS.*LOG_LEVEL.*PORT|PORT.*KAFKA_BROKERS|LOG_LEVEL.*KAFKA_BROKERS/);
  });
});

describe('the memory of a service', () => {
  it.each([
    ['an inspector', '--inspect=127.0.0.1:0'],
    ['heap snapshots', '--heapsnapshot-signal=SIGUSR2'],
  ])('is protected from %s: the service refuses to start with that option', async (what, option) => {
    const end = await startOf('page-delivery', { NODE_OPTIONS: option });
    expect(end.code).toBe(1);
    const flag = option.split('=')[0];
    expect(reasonIn(end)).toMatch(new RegExp(`^bad configuration: ${what}.* without ${flag}`));
  });

  it.each(['handle-sync', 'page-delivery'] as const)('of %s is protected from SIGUSR1 and core dumps', async (name) => {
    const { child, text } = await launch(name, { KAFKA_BROKERS: nobody, ACCESS: 'off' });
    try {
      const says = (line: string) => waitFor(line, () => text().includes(line), { lastSeen: text });
      await says('"message":"listening"');
      child.kill('SIGUSR1');
      await says('SIGUSR1 ignored');
      expect(text()).not.toContain('Debugger listening');
      expect(readFileSync(`/proc/${child.pid}/coredump_filter`, 'utf8')).toMatch(/^0+$/m);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe.each(withPolicy)('%s', (name) => {
  it('refuses to listen on other interfaces with access control off, unless that is intended', async () => {
    const end = await startOf(name, { HOST: '0.0.0.0', ACCESS: 'off' });
    expect(end.code).toBe(1);
    expect(reasonIn(end)).toMatch(/ACCESS is off and HOST is 0\.0\.0\.0.*ACCESS_OFF_IS_INTENDED/);
  });
});

describe('a port that is taken', () => {
  it.each(['PORT', 'MANAGEMENT_PORT'])('is named with its variable %s', async (variable) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const end = await startOf('page-routing', { [variable]: String(port) });
    server.close();
    expect(reasonIn(end)).toMatch(new RegExp(`: cannot listen on ${variable} ${port} of \\w+ 127\\.0\\.0\\.1`));
  });
});

describe('page-delivery', () => {
  it('names the variable of an unusable key file', async () => {
    const { publicKey } = await sealingKeys(folder);
    const end = await startOf('page-delivery', { CREDENTIALS_PRIVATE_KEYS_FILE: publicKey });
    expect(reasonIn(end)).toMatch(/^bad configuration: CREDENTIALS_PRIVATE_KEYS: /);
  });
});

describe('connection-management', () => {
  it('names the variable of an unusable key file', async () => {
    const { privateKeys } = await sealingKeys(folder);
    const end = await startOf('connection-management', { CREDENTIALS_PUBLIC_KEY_FILE: privateKeys });
    expect(reasonIn(end)).toMatch(/^bad configuration: CREDENTIALS_PUBLIC_KEY: /);
  });

  it('names the unreachable database, without the password', async () => {
    const end = await startOf('connection-management', { DATABASE_URL: `mysql://user:hunter2@${nobody}/pagebridge` });
    expect(end.code).toBe(1);
    expect(reasonIn(end)).toContain(nobody);
    expect(end.lines.join('\n')).not.toContain('hunter2');
  });
});

describe.each(needKafka)('%s, when no broker answers for half a minute,', (name) => {
  it('names the broker and the variable, and has logged that authentication is disabled if it has a policy', async () => {
    const end = await withoutBroker.get(name);
    expect(end?.code).toBe(1);
    const reason = reasonIn(end ?? { code: null, lines: [] });
    expect(reason).toContain(nobody);
    expect(reason).toContain('KAFKA_BROKERS');
    expect(end?.lines.join('\n').includes('authentication is disabled')).toBe(withPolicy.includes(name));
  });

  it('has logged its ports: for callers, except page-delivery, and for probes and scrapers', async () => {
    const { lines } = (await withoutBroker.get(name)) ?? { lines: [] };
    const [said = ''] = lines.filter((line) => line.includes('"message":"listening"'));
    expect(said).toMatch(/"managementUrl":"http:\/\/127\.0\.0\.1:\d+"/);
    expect(said.match(/http:\/\/127\.0\.0\.1:[1-9]\d+/g)).toHaveLength(name === 'page-delivery' ? 1 : 2);
  });
});

it.each([
  ['no broker answers', () => nobody, /"cause":"No Kafka broker answers/],
  ['its topics are missing', () => brokers, /"cause":"Missing on Kafka/],
])('connection-management is ready although %s, says what it waits for, and does not end', async (_what, of, says) => {
  const [callers = 0, management = 0] = await freePorts(2);
  const dependencies = {
    infrastructure: { brokers: of(), databaseUrl },
    keys: await sealingKeys(folder),
    dataCenters: [],
  };
  const process = await processes.start(serviceSpec('connection-management', dependencies, { callers, management }));
  const log = () => readFileSync(process.logFile, 'utf8');
  await waitFor('what it waits for', () => says.test(log()));
  expect(await answersOk(`http://127.0.0.1:${management}/health/ready`)).toBe(true);
  await process.stop();
});

describe('all services, started before the topics and the tables exist,', () => {
  const waiting = new Map<ServiceName, Waiting>();

  it('are live and not ready, name what is missing, can be stopped, and are ready soon after it was created', async () => {
    const later = new URL(databaseUrl);
    later.pathname = '/made-later';
    const starts = serviceNames.map(async (name) => waiting.set(name, await waitingStart(name, later.href)));
    await Promise.all(starts);
    for (const [name, { process, started }] of waiting) {
      const missing = withDatabase.includes(name)
        ? /"cause":".*the database does not exist/
        : /"cause":"Missing on Kafka: paging/;
      await waitFor(`${missing} of ${name}`, () => missing.test(readFileSync(process.logFile, 'utf8')));
      expect(await answersOk(started)).toBe(false);
    }
    expect(await waiting.get('handle-sync')?.process.stop()).toBe('exit code 0');
    waiting.delete('handle-sync');
    await Promise.all([createAllTopics({ brokers }), migrate(processes, { databaseUrl: later.href })]);
    for (const { ready, started } of waiting.values()) {
      await waitFor(ready, () => answersOk(ready));
      expect(await answersOk(started)).toBe(true);
    }
  });

  it('differ without Kafka: connection-management stays ready and answers, and says that its consumer is in no group', async () => {
    const management = waiting.get('connection-management') as Waiting;
    const delivery = waiting.get('page-delivery') as Waiting;
    const kafka = processes.running.find(({ spec }) => spec.name === 'kafka') as LocalProcess;
    const metrics = management.ready.replace('/health/ready', '/metrics');
    const says = async (value: number) =>
      (await (await fetch(metrics)).text()).includes(
        `pagebridge_consumer_ready{service="connection-management"} ${value}`,
      );
    await kafka.crash();
    await waitFor('page-delivery to be not ready', async () => !(await answersOk(delivery.ready)));
    await waitFor('the consumer to be in no group', () => says(0));
    for (const probe of ['ready', 'live']) expect(await answersOk(management.ready.replace('ready', probe))).toBe(true);
    const { status } = await fetch(`http://127.0.0.1:${management.callers}/v1/source-orgs/acme/connections`);
    expect(status).toBe(200);
    await processes.start(kafka.spec);
    await waitFor('page-delivery to be ready', () => answersOk(delivery.ready));
    await waitFor('the consumer to be in its group', () => says(1));
  }, 240_000);

  it('stop in two steps: they are not ready at once, and serve callers until load balancers have noticed', async () => {
    const { process, ready, callers } = waiting.get('page-routing') as Waiting;
    const end = process.stop();
    await waitFor('the end of readiness', async () => !(await answersOk(ready)), { withinMs: stopDelayMs });
    const { status, headers } = await fetch(`http://127.0.0.1:${callers}/openapi.json`);
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    expect(await end).toBe('exit code 0');
  });
});
