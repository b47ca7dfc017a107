import { build } from './build.ts';
import { commandLine, orRefuse } from './command-line.ts';
import { stackFileOf } from './folder.ts';
import { runProgram } from './lifecycle.ts';
import { Progress } from './progress.ts';
import type { Stack } from './stack/stack.ts';

const help = `npm start [-- options]: a Kafka, a MariaDB, an OpenID provider, two destination orgs, the four services and the console,
until Ctrl-C

  --fresh      deletes the topics and the tables of earlier runs
  --secure     Kafka and MariaDB with TLS, and a user with minimal rights for each program; has its own data
  --name NAME  a further stack under .local/NAME, with its own stack.json there
  --help       prints this text

Listens on 8080 to 8083, 8085, 8086, 9080 to 9084 and 9092 of the loopback interface; takes another port for each that is
in use, and prints it. Keeps the connections, topics and keys of the previous run. .local/stack.json has all addresses, and
". .local/stack.env" sets them in a shell, where the guides use them.

With --secure every connection to Kafka and the database uses TLS, and each program has only the rights of pagebridge acls:
docs/kafka-security.md. Runs with and without --secure do not share connections and topics.

  KAFKA_BROKERS  host:port,…: use this Kafka instead of a private one
  DATABASE_URL   mysql://user:password@host:port/database: use this database instead of a private one
  LOG_LEVEL      log level of the services: debug, info, warn, error
  ALERT_TOPIC_DRAIN_SECONDS  how long both alert topics of an org are read before only one is; default 600

The first two are refused with --secure.
`;
const { values } = commandLine(help, {
  fresh: { type: 'boolean' },
  secure: { type: 'boolean' },
  name: { type: 'string', default: 'start' },
});

orRefuse(() => {
  const given = ['KAFKA_BROKERS', 'DATABASE_URL'].find((variable) => values.secure && process.env[variable]);
  if (given) throw new Error(`--secure starts a private Kafka and database, but ${given} is set: unset it`);
});

const progress = new Progress();
let stack: Stack | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  await progress.step('building what has changed', build);
  const [{ Stack }, { welcome }] = await Promise.all([import('./stack/stack.ts'), import('./welcome.ts')]);
  const { name, fresh = false, secure = false } = values;
  stack = new Stack({ name, progress, infoFile: stackFileOf(name), keepsData: !fresh, secure, usualPorts: true });
  stack.processes.onUnexpectedEnd = (ended) => progress.say(ended.endReport());
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
