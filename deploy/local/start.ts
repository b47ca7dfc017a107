import { build } from './build.ts';
import { commandLine, orRefuse } from './command-line.ts';
import { stackFileOf } from './folder.ts';
import { runProgram } from './lifecycle.ts';
import { Progress } from './progress.ts';
import type { Stack } from './stack/stack.ts';

const help = `npm start [-- options]: a Kafka, a MariaDB, an OpenID provider, two destination orgs and the four services, until
Ctrl-C

  --fresh      forgets the topics and the tables of the runs before
  --secure     Kafka and MariaDB over TLS, with a user and few rights for each program; it has data of its own
  --name NAME  a stack of its own under .local/NAME, beside the usual one; its stack.json is there
  --help       this

Listens on 8081 to 8083, 8085, 8086, 9081 to 9084 and 9092 of the loopback interface, elsewhere where these are
taken. Goes on with the connections, topics and keys of the run before. .local/stack.json tells tools where everything is.

With --secure nothing of Kafka and of the database is in the clear, and each program has the rights of npm run acls and no others:
docs/kafka-security.md. It begins without the connections and topics of a run without it, and the other way round.

  KAFKA_BROKERS  host:port,…: this Kafka instead of a private one
  DATABASE_URL   mysql://user:password@host:port/database: this database instead of a private one
  LOG_LEVEL      of the services: debug, info, warn, error

The first two are refused with --secure.
`;
const { values } = commandLine(help, {
  fresh: { type: 'boolean' },
  secure: { type: 'boolean' },
  name: { type: 'string', default: 'start' },
});

orRefuse(() => {
  const given = ['KAFKA_BROKERS', 'DATABASE_URL'].find((variable) => values.secure && process.env[variable]);
  if (given) throw new Error(`--secure starts a Kafka and a database of its own, and ${given} names another: unset it`);
});

const progress = new Progress();
let stack: Stack | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  await progress.step('building what has changed', build);
  const [{ Stack }, { welcome }] = await Promise.all([import('./stack/stack.ts'), import('./welcome.ts')]);
  const { name, fresh = false, secure = false } = values;
  stack = new Stack({ name, progress, infoFile: stackFileOf(name), keepsData: !fresh, secure, usualPorts: true });
  stack.processes.onUnexpectedEnd = (ended) => progress.say(ended.obituary());
  const info = await stack.start();
  process.stdout.write(welcome(info, stack.folder));
  await new Promise((resolve) => stopping.addEventListener('abort', resolve));
  return 0;
}

await runProgram({
  run,
  stop: async () => stack?.stop(),
  kill: () => stack?.kill(),
});
