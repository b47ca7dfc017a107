import { build } from './build.ts';
import { commandLine, orRefuse } from './command-line.ts';
import { stackFileOf } from './folder.ts';
import { runProgram } from './lifecycle.ts';
import { Progress } from './progress.ts';
import type { Stack } from './stack/stack.ts';

const help = `npm start [-- options]: start Kafka, MariaDB, an OpenID provider, two destination orgs, all services and the console

  --fresh      delete the topics and tables of earlier runs
  --secure     use TLS for Kafka and MariaDB, and a user with minimal rights for each program; the data is separate
  --name NAME  start another stack in .local/NAME, with its own stack.json
  --help       print this help

The stack runs until Ctrl-C. It listens on the loopback ports 8080 to 8083, 8085, 8086, 9080 to 9084 and 9092. If a port is
in use, another one is used and printed. Connections, topics and keys of the previous run are kept. .local/stack.json
contains all addresses; ". .local/stack.env" sets them as shell variables, which the guides use.

With --secure, all connections to Kafka and the database use TLS, and each program has only the rights of pagebridge acls:
see docs/kafka-security.md. Runs with and without --secure do not share connections and topics.

  KAFKA_BROKERS  use this Kafka (host:port,…) instead of a private one
  DATABASE_URL   use this database (mysql://user:password@host:port/database) instead of a private one
  LOG_LEVEL      log level of the services: debug, info, warn, error
  ALERT_TOPIC_DRAIN_SECONDS  time for which both alert topics of an org are read after a switch; default 600

--secure cannot be combined with KAFKA_BROKERS or DATABASE_URL.
`;
const { values } = commandLine(help, {
  fresh: { type: 'boolean' },
  secure: { type: 'boolean' },
  name: { type: 'string', default: 'start' },
});

orRefuse(() => {
  const given = ['KAFKA_BROKERS', 'DATABASE_URL'].find((variable) => values.secure && process.env[variable]);
  if (given) throw new Error(`--secure cannot be combined with ${given}\nhint: unset ${given}`);
});

const progress = new Progress();
let stack: Stack | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  await progress.step('building changed packages', build);
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
