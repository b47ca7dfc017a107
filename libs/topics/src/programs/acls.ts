import { cards } from '@pagebridge/contracts';
import { exitCodes, runProgram, UsageError } from '@pagebridge/programs';
import { type Acl, aclsOf } from '../acls-of.ts';
import { sourceOrgsIn } from './source-orgs.ts';

const help = `acls [options] (in a checkout: npm run -s acls -- [options]): prints the minimal Kafka ACLs for the services and
programs

  --format kafka-acls   commands for Kafka's kafka-acls.sh (default)
  --format json         a JSON array
  --principal TEXT      pattern of the Kafka principals, in which {name} is replaced by the name of the service
                        (default User:{name}); with client certificates the subject, such as User:CN={name}
  --org ORG             also print the ACLs for the own alert topic of this source org; may be repeated. The producers of
                        this topic are called alert-producers-ORG
  --help                print this text

This program does not connect to Kafka. The printed commands read the brokers from KAFKA_BROKERS, and the login of a user
that may alter ACLs from the file in KAFKA_ADMIN_CONFIG, a client.properties of Kafka.
`;

const options = {
  format: { type: 'string', default: 'kafka-acls' },
  principal: { type: 'string', default: 'User:{name}' },
  org: { type: 'string', multiple: true },
} as const;

await runProgram(help, options, async ({ format, principal, org }) => {
  if (format !== 'kafka-acls' && format !== 'json')
    throw new UsageError(`--format must be kafka-acls or json, not ${format}`);
  if (!/^[A-Za-z]+:[^'\\\s]*\{name\}[^'\\\s]*$/.test(principal))
    throw new UsageError('--principal must have the form User:CN={name}');
  const rights = aclsOf(cards, sourceOrgsIn(org)).map(({ who, ...acl }) => ({
    principal: principal.replaceAll('{name}', who),
    ...acl,
  }));
  const text = format === 'json' ? JSON.stringify(rights, null, 2) : rights.map(commandOf).join('\n');
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
});

function commandOf(right: Omit<Acl, 'who'> & { readonly principal: string }): string {
  const { principal, operation, resourceType, resourceName, patternType } = right;
  const admin = 'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config "$KAFKA_ADMIN_CONFIG" --add';
  const pattern = patternType === 'prefixed' ? ' --resource-pattern-type prefixed' : '';
  return `${admin} --allow-principal '${principal}' --operation ${operation} --${resourceType} ${resourceName}${pattern}`;
}
