import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { dialects } from '../../../harness/hostile-bodies/dialects.ts';
import type { Attack, AttackFigures, Packed, PackedBodies } from '../attacked.ts';

const load = JSON.parse(process.argv[2] ?? '{}') as Attack;
const { hostname, port, origin } = new URL(load.url);
if (hostname !== '127.0.0.1') throw new Error('only an instance of this machine is attacked');
const packed = JSON.parse(readFileSync(load.file, 'utf8')) as PackedBodies;
const startedAt = Date.now();
const until = startedAt + load.seconds * 1000;
/** An attack ends by its time; this bounds it if the clock is wrong. */
const maxRequests = 1_000_000;

const answers: Record<string, number> = {};
let requests = 0;
let silentConnections = 0;
const goesOn = () => Date.now() < until && requests < maxRequests;

interface Ready extends Omit<Packed, 'body'> {
  readonly body: Buffer;
}

const readyOf = (all: readonly Packed[]): Ready[] =>
  all.map(({ body, ...rest }) => ({ ...rest, body: Buffer.from(body, 'base64') }));

async function sendOn(bodies: readonly Ready[], first: number): Promise<void> {
  let client = new Client(origin, { headersTimeout: 30_000, bodyTimeout: 30_000 });
  for (let n = first; goesOn(); n += 1) {
    const { path, headers, body } = bodies[n % bodies.length] as Ready;
    requests += 1;
    try {
      const sent = client.request({ path, method: 'POST', headers, body });
      const { statusCode, body: answer } = await Promise.race([sent, sleep(until - Date.now()).then(ended)]);
      await answer.dump();
      answers[statusCode] = (answers[statusCode] ?? 0) + 1;
    } catch {
      answers['0'] = (answers['0'] ?? 0) + 1;
      void client.destroy();
      client = new Client(origin, { headersTimeout: 30_000, bodyTimeout: 30_000 });
      await sleep(10);
    }
  }
  void client.destroy();
}

function ended(): never {
  throw new Error('the attack is over');
}

/** Says how long its body is, sends none, and comes again once it is turned away. */
async function beSilent(): Promise<void> {
  while (goesOn()) {
    requests += 1;
    silentConnections += 1;
    const socket = connect({ host: hostname, port: Number(port) });
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => socket.destroy(), Math.max(0, until - Date.now()));
    socket.on('error', () => undefined);
    socket.on('close', resolve);
    socket.resume();
    socket.write(
      `POST ${dialects.pagerduty.path} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: 524288\r\n\r\n`,
    );
    await promise;
    clearTimeout(timer);
    await sleep(10);
  }
}

const strangers = readyOf(packed.strangers);
const times = (count: number, work: (n: number) => Promise<void>) => Array.from({ length: count }, (_, n) => work(n));
await Promise.all([
  ...packed.attackers.map(readyOf).flatMap((bodies) => times(load.connections, (n) => sendOn(bodies, n * 2))),
  ...times(load.strangers, (n) => sendOn(strangers, n * 2)),
  ...times(load.silent, beSilent),
]);
const figures: AttackFigures = { startedAt, answers, silentConnections };
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);
