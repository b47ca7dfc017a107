import { type ClientRequest, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Alerts,
  type OutgoingRecord,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  PageStates,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { type LocalProcess, scriptOf, startMariaDb } from '@pagebridge/local-stack';
import { anAlert } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { type Connection, createConnection } from 'mysql2/promise';
import { latencyFigures } from '../harness/statistics.ts';
import type { Contender, Figures, Testbed } from '../harness/testbed.ts';
import { PagePath, uuidOf } from '../page-path/page-path.ts';

export const sourceOrg = 'acme';
const teams = 100;
const message = 'Memory has been above ninety per cent. '.repeat(5);

/**
 * Returns the records of an alert: one in a hundred mentions an unknown handle, one in two hundred still waits.
 * `withLedger` adds the state of its page.
 */
export function recordsOf(number: number, org = sourceOrg, withLedger = false): OutgoingRecord[] {
  const alertKey = `monitor-${number}`;
  const key = `${org}/${alertKey}`;
  const time = new Date().toISOString();
  const [id, pageId] = [uuidOf('event', alertKey), uuidOf('page', alertKey)];
  const attributes = { id, source: '/bench', time };
  const teamHandle = `team-${number % teams}`;
  const handle = `@oncall-${teamHandle}`;
  const about = { sourceOrg: org, alertKey, alertEventId: id };
  const alert = Alerts.encode(
    key,
    attributes,
    anAlert({ sourceOrg: org, alertKey, message: message + handle, occurredAt: time }),
  );
  if (number % 100 === 0) {
    const unrouted = { ...about, title: 'High memory usage', occurredAt: time, handle, detail: 'No team has it.' };
    return [alert, UnroutedHandles.encode(key, attributes, { ...unrouted, reason: 'unknown-handle' })];
  }
  const page = { ...about, pageId, connectionId: uuidOf('connection'), teamHandle };
  const command: PageCommand = {
    ...{ ...page, kind: 'page', transition: 'triggered', occurredAt: time, teamId: 't', handle, matched: 'exact' },
    ...{ urgency: 'high', title: 'High memory usage', description: message, tags: [], links: [] },
  };
  const outcome: PageOutcome = {
    ...{ ...page, outcome: 'delivered', at: time, attempts: 1, possibleDuplicate: false, destinationPageId: pageId },
    call: { durationMs: 20, status: 200 },
  };
  const times = { occurredAt: time, triggeredAt: time, acceptedAt: time, nextAttemptAt: time, deliveredAt: time };
  const paged = {
    ...{ pageId, connectionId: page.connectionId, teamHandle, ...times, teamId: 't', urgency: 'high' as const },
    ...{ status: 'delivered' as const, alertEventId: id, attempts: 1, resolveAttempts: 0, possibleDuplicate: false },
    ...{ joined: [], unreported: [] },
  };
  const state = { sourceOrg: org, alertKey, ownerEpoch: 1, lastEventAt: time, updatedAt: time, pages: [paged] };
  return [
    ...[alert, PageCommands.encode(key, attributes, command)],
    ...(number % 200 === 1 ? [] : [PageOutcomes.encode(key, attributes, outcome)]),
    ...(withLedger ? [PageStates.encode(key, attributes, state)] : []),
  ];
}

const searchers = 10;
const slowReaders = 40;
const key = 'monitor-heavy';

/** Returns a thousand records of an alert, each with some bytes. */
const heavyAlert = (bytes = 8_000, alertKey = key): OutgoingRecord[] => {
  const message = 'The disk is full, and so is the next one. '.repeat(bytes / 42);
  return Array.from({ length: 1000 }, (_, n) => {
    const occurredAt = new Date(Date.now() + n).toISOString();
    const alert = anAlert({ sourceOrg, alertKey, message, occurredAt });
    return Alerts.encode(`${sourceOrg}/${alertKey}`, { id: `heavy-${n}`, source: '/bench', time: occurredAt }, alert);
  });
};

/** What one org asks all the time: searches that take as long as they may, and traces that it does not read. */
class Crowd {
  private readonly end = new AbortController();
  private readonly requests = new Set<ClientRequest>();
  private readonly busy: Promise<void>[];
  /** How many were let in. */
  readonly served = { searches: 0, traces: 0 };
  /** Of the org. */
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
    this.busy = [
      ...Array.from({ length: searchers }, () => this.repeat(() => this.search())),
      ...Array.from({ length: slowReaders }, () => this.repeat(() => this.readSlowly())),
    ];
  }

  async leave(): Promise<void> {
    this.end.abort();
    for (const request of this.requests) request.destroy();
    await Promise.all(this.busy);
  }

  private async repeat(ask: () => Promise<void>): Promise<void> {
    while (!this.end.signal.aborted) {
      await ask();
      await delay(500);
    }
  }

  private async search(): Promise<void> {
    const from = new Date(Date.now() - 6.9 * 86_400_000).toISOString();
    const { signal } = this.end;
    const response = await fetch(`${this.url}/alerts?q=nowhere-written&from=${from}`, { signal }).catch(
      () => undefined,
    );
    if (response && response.status !== 429) this.served.searches += 1;
    await response?.arrayBuffer().catch(() => undefined);
  }

  private readSlowly(): Promise<void> {
    return new Promise((done) => {
      const request = get(`${this.url}/trace?alertKey=${key}`, { agent: false }, (response) => {
        if (response.statusCode === 200) {
          this.served.traces += 1;
          response.pause();
        } else response.resume();
      });
      this.requests.add(request);
      request.on('error', () => undefined);
      request.on('close', () => {
        this.requests.delete(request);
        done();
      });
    });
  }
}

export const service = 'page-history';
const perSecond = 300;
const few = 20_000;
const backlog = 180_000;
/** Of each alert that was written, what is kept in the end: as many days of the same. */
const copies = 10;
const asked = 300;
const neighbour = 'initech';
// A hundredth of the tables that are asked in the end is in memory, as of a server that has other work.
const memory = '--innodb-buffer-pool-size=1G';

interface Bed {
  readonly path: PagePath;
  readonly database: Connection;
  readonly url: string;
  written: number;
  process: LocalProcess | undefined;
}

const urlOf = ({ spec }: LocalProcess, org: string): string =>
  `http://127.0.0.1:${spec.env?.PORT}/v1/source-orgs/${org}`;

async function open(testbed: Testbed): Promise<Bed> {
  const path = await PagePath.on(testbed, []);
  const server = await startMariaDb(testbed.folder, testbed.processes, [memory]);
  const url = new URL('/history', server.databaseUrl).href;
  const args = [scriptOf(service, 'migrate.js')];
  await testbed.processes.run({ name: 'migrate', command: process.execPath, args, env: { DATABASE_URL: url } });
  return { path, url, database: await createConnection(url), written: 0, process: undefined };
}

async function write({ path }: Bed, from: number, count: number): Promise<void> {
  const atOnce = 1000;
  for (let first = from; first < from + count; first += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, from + count - first) }, (_, index) => first + index);
    await path.publish(numbers.flatMap((number) => recordsOf(number)));
  }
}

/** Starts the service, and returns for how many seconds it reads what is there. */
async function catchUp(bed: Bed, alerts: number): Promise<number> {
  const startedAt = performance.now();
  bed.process = await bed.path.start(service, service, { DATABASE_URL: bed.url, ACCESS: 'off' });
  for (;;) {
    const [rows] = await bed.database.query(
      "SELECT COUNT(*) AS count FROM records WHERE source_org = ? AND kind = 'alert'",
      [sourceOrg],
    );
    const { lag } = (await answerOf(bed, 'trace?alertKey=none')) as { readonly lag: readonly object[] };
    const [{ count }] = rows as [{ readonly count: number }];
    if (count >= alerts && lag.length === 0) return (performance.now() - startedAt) / 1000;
    await delay(250);
  }
}

async function answerOf({ process }: Bed, path: string, org = sourceOrg): Promise<unknown> {
  const response = await fetch(`${urlOf(process as LocalProcess, org)}/${path}`);
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.json();
}

/** Writes alerts at a steady rate; returns how long single ones take until they can be asked for. */
async function keepUp(bed: Bed, seconds: number): Promise<number[]> {
  const delays: Promise<number>[] = [];
  const startedAt = performance.now();
  for (let tick = 0; tick < seconds * 10; tick += 1) {
    await delay(Math.max(0, startedAt + tick * 100 - performance.now()));
    const last = bed.written + perSecond / 10 - 1;
    await write(bed, bed.written, perSecond / 10);
    bed.written = last + 1;
    if (tick % 3 === 0) delays.push(untilStored(bed, last));
  }
  return Promise.all(delays);
}

async function untilStored({ database }: Bed, number: number): Promise<number> {
  const key = Buffer.from(alertIdentity(sourceOrg, `monitor-${number}`));
  const [want, startedAt] = [recordsOf(number).length, performance.now()];
  for (;;) {
    const [rows] = await database.query('SELECT COUNT(*) AS count FROM records WHERE record_key = ?', [key]);
    if ((rows as [{ readonly count: number }])[0].count >= want) return performance.now() - startedAt;
    await delay(50);
  }
}

/** Asks for traces and lists of what is kept; `kept`: the keys of alerts, by number. */
async function ask(bed: Bed, keyOf: (number: number) => string): Promise<{ traceP99Ms: number; listP99Ms: number }> {
  const traces: number[] = [];
  const lists: number[] = [];
  const random = (below: number) => Math.floor(Math.random() * below);
  const timed = async (path: string, times: number[]) => {
    const startedAt = performance.now();
    await answerOf(bed, path);
    times.push(performance.now() - startedAt);
  };
  for (let count = 0; count < asked; count += 1) {
    await timed(`trace?alertKey=${encodeURIComponent(keyOf(random(bed.written)))}`, traces);
    const to = new Date(Date.now() - random(7 * 86_400_000)).toISOString();
    await timed(`alerts?state=${count % 2 === 0 ? 'unrouted' : 'waiting'}`, lists);
    await timed(`alerts?handle=%40oncall-team-${random(teams)}`, lists);
    await timed(`alerts?to=${to}`, lists);
    await timed(`pages?state=delivered&to=${to}`, lists);
  }
  return { traceP99Ms: latencyFigures(traces).p99Ms, listP99Ms: latencyFigures(lists).p99Ms };
}

/** Asks for traces of another org while one org asks for as much as it can. */
async function askBeside(bed: Bed): Promise<number> {
  await bed.path.publish([...heavyAlert(), ...recordsOf(0, neighbour)]);
  const traceOf = () =>
    answerOf(bed, 'trace?alertKey=monitor-0', neighbour) as Promise<{ readonly hops: readonly object[] }>;
  while ((await traceOf()).hops.length === 0) await delay(100);
  const crowd = new Crowd(urlOf(bed.process as LocalProcess, sourceOrg));
  await delay(5000);
  const times: number[] = [];
  for (let count = 0; count < asked; count += 1) {
    const startedAt = performance.now();
    await traceOf();
    times.push(performance.now() - startedAt);
    await delay(50);
  }
  await crowd.leave();
  const { searches, traces } = crowd.served;
  if (searches === 0 || traces === 0) throw new Error(`the crowd had ${searches} searches and ${traces} traces`);
  return latencyFigures(times).p99Ms;
}

/** Asks for the trace of an alert with 3 MB of records. */
async function askHeavy(bed: Bed): Promise<number> {
  const alertKey = 'monitor-3-mb';
  await bed.path.publish(heavyAlert(3_000, alertKey));
  const trace = () => answerOf(bed, `trace?alertKey=${alertKey}`) as Promise<{ readonly hops: readonly object[] }>;
  while ((await trace()).hops.length < 1000) await delay(100);
  const times: number[] = [];
  for (let count = 0; count < asked; count += 1) {
    const startedAt = performance.now();
    await trace();
    times.push(performance.now() - startedAt);
  }
  return latencyFigures(times).p99Ms;
}

/** Stores the same alerts again under other keys, on earlier days. */
async function multiply({ database }: Bed): Promise<void> {
  for (let copy = 1; copy < copies; copy += 1) {
    await database.query(
      `INSERT INTO records (day, topic, topic_partition, topic_offset, at, kind, source_org, record_key, subject, title, value, headers)
       SELECT day - ${copy}, topic, topic_partition, topic_offset, at - INTERVAL ${copy} DAY, kind, source_org,
         CONCAT(record_key, '-${copy}'), MD5(CONCAT(subject, '-${copy}')), title, value, headers FROM records WHERE day > (SELECT MAX(day) - 1 FROM records)`,
    );
    await database.query(
      `INSERT INTO mentions SELECT MD5(CONCAT(id, '-${copy}')), day - ${copy}, MD5(CONCAT(firing, '-${copy}')), source_org, CONCAT(alert_key, '-${copy}'), event_id,
         at - INTERVAL ${copy} DAY, handle, title, urgency, page_id, backs, connection_id, team_handle, state, state_at, replayed_at,
         accepted_at, reason, detail, attempts, possible_duplicate, destination_page_id, next_attempt_at, given_up_at
       FROM mentions WHERE day > (SELECT MAX(day) - 1 FROM mentions)`,
    );
  }
  await database.query('ANALYZE TABLE records, mentions');
}

async function bytesOf({ database }: Bed): Promise<number> {
  const [rows] = await database.query(
    'SELECT SUM(DATA_LENGTH + INDEX_LENGTH) AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
  );
  return Number((rows as [{ readonly bytes: string }])[0].bytes);
}

async function measure(testbed: Testbed): Promise<Figures> {
  const bed = await open(testbed);
  const [first, more] = testbed.quick ? [few / 10, backlog / 10] : [few, backlog];
  const { progress } = testbed;
  await progress.step(`writing ${first} alerts`, () => write(bed, 0, first));
  bed.written = first;
  await progress.step('reading them', () => catchUp(bed, first));
  const small = await progress.step('asking', () => ask(bed, (number) => `monitor-${number}`));
  await bed.process?.stop();
  await progress.step(`writing ${more} alerts`, () => write(bed, first, more));
  bed.written += more;
  const catchUpSeconds = await progress.step('reading them', () => catchUp(bed, first + more));
  const delays = await progress.step(`writing ${perSecond} alerts a second`, () =>
    keepUp(bed, testbed.quick ? 10 : 60),
  );
  await progress.step(`keeping ${copies} times as many`, () => multiply(bed));
  const large = await progress.step('asking', () =>
    ask(bed, (number) => `monitor-${number}${number % copies === 0 ? '' : `-${number % copies}`}`),
  );
  const traceOf3MbP99Ms = await progress.step('asking for a large trace', () => askHeavy(bed));
  const besideCrowdP99Ms = await progress.step('asking beside a crowd', () => askBeside(bed));
  const bytesAnAlert = (await bytesOf(bed)) / (bed.written * copies);
  await bed.process?.stop();
  await bed.database.end();
  await bed.path.close();
  return {
    ...{ catchUpSeconds, behindP99Ms: latencyFigures(delays).p99Ms, bytesAnAlert },
    ...{ traceOf20000P99Ms: small.traceP99Ms, listOf20000P99Ms: small.listP99Ms },
    ...{ traceP99Ms: large.traceP99Ms, listP99Ms: large.listP99Ms },
    ...{ traceOf3MbP99Ms, besideCrowdP99Ms },
  };
}

export const pageHistory = (testbed: Testbed): Contender => ({
  name: service,
  measure: () => measure(testbed.branch(service)),
});
