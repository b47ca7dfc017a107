import { cards } from '@pagebridge/contracts';
import { UsageError } from '@pagebridge/process';
import { type Acl, aclsOf } from '@pagebridge/topics';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { sourceOrgsOption } from '../topics/source-orgs.ts';

const more = `
Examples:
  pagebridge acls > acls.sh && sh -e acls.sh
  pagebridge acls --principal 'User:CN={name}' --org acme-us
  pagebridge acls -o json | jq '.[] | select(.principal == "User:page-delivery")'

This command does not connect to Kafka. The printed commands use the brokers in KAFKA_BROKERS and the login in the file
KAFKA_ADMIN_CONFIG (a client.properties), whose user must be allowed to alter ACLs. The producers of the alert topic of an
org are named alert-producers-<org>.
`;

interface Options {
  readonly output: 'commands' | 'json';
  readonly principal: string;
  readonly org?: readonly string[];
}

/** Returns the command `acls`; `end` gets its exit code. */
export const aclsCommand = (end: (code: number) => void): Command =>
  new Command('acls')
    .description('Print the minimal Kafka ACLs for the services and programs.')
    .option('--principal <text>', 'pattern of the principals; {name} is replaced by the service name', 'User:{name}')
    .addOption(sourceOrgsOption('also print ACLs for'))
    .addOption(
      new Option('-o, --output <form>', 'output format: commands for kafka-acls.sh, or JSON')
        .choices(['commands', 'json'])
        .default('commands'),
    )
    .addHelpText('after', more)
    .action((options: Options) => end(print(options)));

function print({ output, principal, org }: Options): number {
  if (!/^[A-Za-z]+:[^'\\\s]*\{name\}[^'\\\s]*$/.test(principal))
    throw new UsageError('--principal must have the form User:CN={name}');
  const rights = aclsOf(cards, org).map(({ who, ...acl }) => ({
    principal: principal.replaceAll('{name}', who),
    ...acl,
  }));
  const text = output === 'json' ? JSON.stringify(rights, null, 2) : rights.map(commandOf).join('\n');
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}

function commandOf(right: Omit<Acl, 'who'> & { readonly principal: string }): string {
  const { principal, operation, resourceType, resourceName, patternType } = right;
  const admin = 'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config "$KAFKA_ADMIN_CONFIG" --add';
  const pattern = patternType === 'prefixed' ? ' --resource-pattern-type prefixed' : '';
  return `${admin} --allow-principal '${principal}' --operation ${operation} --${resourceType} ${resourceName}${pattern}`;
}
