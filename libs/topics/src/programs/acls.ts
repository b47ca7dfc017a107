import { cards } from '@pagebridge/contracts';
import { type Acl, aclsOf } from '../acls-of.ts';
import { exitCodeOf, optionsOf, sourceOrgsIn, UsageError } from './command-line.ts';

const help = `acls [options] (in a checkout: npm run -s acls -- [options]): prints which ACLs of Kafka the services and programs
need, and no more

  --format kafka-acls   commands of Kafka's kafka-acls.sh (default)
  --format json         a JSON array
  --principal TEXT      what Kafka calls them, where {name} is the name of the service (User:{name}); with client
                        certificates it is their subject, as in User:CN={name}
  --org ORG             also what the topic needs that this source org owns; may be given many times. Its producers are
                        called alert-producers-ORG
  --help                this

It asks no Kafka. The commands take the brokers from KAFKA_BROKERS, and the login of who may
alter ACLs from the file that KAFKA_ADMIN_CONFIG names, a client.properties of Kafka.
`;

async function acls(line: readonly string[]): Promise<number> {
  const values = optionsOf(line, {
    format: { type: 'string', default: 'kafka-acls' },
    principal: { type: 'string', default: 'User:{name}' },
    org: { type: 'string', multiple: true },
  });
  if (!values) {
    process.stdout.write(help);
    return 0;
  }
  const { format, principal } = values;
  if (format !== 'kafka-acls' && format !== 'json')
    throw new UsageError(`--format must be kafka-acls or json, not ${format}`);
  if (!/^[A-Za-z]+:[^'\\\s]*\{name\}[^'\\\s]*$/.test(principal))
    throw new UsageError('--principal must be as User:CN={name}');
  const rights = aclsOf(cards, sourceOrgsIn(values.org)).map(({ who, ...acl }) => ({
    principal: principal.replaceAll('{name}', who),
    ...acl,
  }));
  const text = format === 'json' ? JSON.stringify(rights, null, 2) : rights.map(commandOf).join('\n');
  process.stdout.write(`${text}\n`);
  return 0;
}

function commandOf(right: Omit<Acl, 'who'> & { readonly principal: string }): string {
  const { principal, operation, resourceType, resourceName, patternType } = right;
  const admin = 'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config "$KAFKA_ADMIN_CONFIG" --add';
  const pattern = patternType === 'prefixed' ? ' --resource-pattern-type prefixed' : '';
  return `${admin} --allow-principal '${principal}' --operation ${operation} --${resourceType} ${resourceName}${pattern}`;
}

process.exitCode = await exitCodeOf(acls);
