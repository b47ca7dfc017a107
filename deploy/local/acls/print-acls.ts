import { build } from '../build.ts';
import { commandLine, orRefuse, sourceOrgsIn } from '../command-line.ts';
import { runProgram } from '../lifecycle.ts';
import { Progress } from '../progress.ts';
import type { Acl } from './acls-of.ts';

const help = `npm run -s acls -- [options]: prints which ACLs of Kafka the services and programs need, and no more

  --format kafka-acls   commands of Kafka's kafka-acls.sh (default)
  --format json         a JSON array
  --principal TEXT      what Kafka calls them, where {name} is the name of the service (User:{name}); with client
                        certificates it is their subject, as in User:CN={name}
  --org ORG             also what the topic needs that this source org owns; may be given many times. Its producers are
                        called alert-producers-ORG
  --help                this

It asks no Kafka. The commands take the brokers from KAFKA_BROKERS, and the login of who may alter ACLs from the file
that KAFKA_ADMIN_CONFIG names, a client.properties of Kafka.
`;
const { values } = commandLine(help, {
  format: { type: 'string', default: 'kafka-acls' },
  principal: { type: 'string', default: 'User:{name}' },
  org: { type: 'string', multiple: true },
});
const sourceOrgs = orRefuse(() => sourceOrgsIn(values.org));
orRefuse(() => {
  const { format, principal } = values;
  if (format !== 'kafka-acls' && format !== 'json')
    throw new Error(`--format must be kafka-acls or json, not ${format}`);
  if (!/^[A-Za-z]+:[^'\\\s]*\{name\}[^'\\\s]*$/.test(principal))
    throw new Error('--principal must be as User:CN={name}');
});

const principalOf = ({ who }: Acl): string => values.principal.replaceAll('{name}', who);

function commandOf(acl: Acl): string {
  const { operation, resourceType, resourceName, patternType } = acl;
  const admin = 'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config "$KAFKA_ADMIN_CONFIG" --add';
  const pattern = patternType === 'prefixed' ? ' --resource-pattern-type prefixed' : '';
  return `${admin} --allow-principal '${principalOf(acl)}' --operation ${operation} --${resourceType} ${resourceName}${pattern}`;
}

async function run(): Promise<number> {
  await new Progress().step('building what has changed', build);
  const [{ cards }, { aclsOf }] = await Promise.all([import('@pagebridge/contracts'), import('./acls-of.ts')]);
  const acls = aclsOf(cards, sourceOrgs);
  const json = () => acls.map(({ who: _, ...acl }, index) => ({ principal: principalOf(acls[index] as Acl), ...acl }));
  const text = values.format === 'json' ? JSON.stringify(json(), null, 2) : acls.map(commandOf).join('\n');
  process.stdout.write(`${text}\n`);
  return 0;
}

await runProgram({ run, stop: async () => {}, kill: () => {} });
