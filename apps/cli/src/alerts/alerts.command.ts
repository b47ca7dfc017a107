import { say, sayError, UsageError } from '@pagebridge/process';
import { mentionsIn, priorities } from '@pagebridge/vocabulary';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { type End, type Options, type Run, runOf, textIn } from '../http/act.ts';
import { brokersOption } from '../kafka/kafka.ts';
import { givenToken, tokenIn } from '../login/access-token.ts';
import type { Item } from '../output/items.ts';
import { addOrg, commandOf, type Looks, resourceCommand } from '../resources/commands.ts';
import { withConnectionId } from '../resources/connections.command.ts';
import { fieldsIn, objectIn, secretIn } from '../resources/given.ts';
import { historyOptions } from '../resources/pages.command.ts';
import type { Resource } from '../resources/resource.ts';
import { publishAlert } from './publish-alert.ts';

const looks = {
  does: 'Send an alert over HTTP with the token of an integration, or to Kafka.',
  options: [
    ['--alert-key <key>', 'key of the alert, the same for its trigger and its recovery', 'key'],
    ['--title <title>', 'title of the alert; default: the first line of the text', 'title'],
    ['--priority <priority>', 'priority; P4 and P5 page with low urgency', 'priority', priorities],
    ['--resolved', 'send a recovery', 'resolved'],
  ],
  examples: `pagebridge alerts send --alert-key disk-1 'Disk full. @oncall-core-infra'
    pagebridge alerts send --alert-key disk-1 --resolved
    pagebridge alerts send -f alert.json --token-file prometheus-eu.token
    pagebridge alerts send --alert-key disk-1 --org acme-us --kafka 'Disk full. @oncall-core-infra'`,
} as const satisfies Looks;

const alerts: Resource = {
  ...{ noun: 'alert', service: 'page-history', path: '/v1/source-orgs/{org}/alerts', names: ['alertKey'] },
  columns: 'at alertKey title mentions.0.state mentions.0.handle mentions.0.connectionName',
  wide: 'eventId mentions.1.state mentions.1.handle',
};

const group = resourceCommand('alerts', 'List and send alerts of a source org.', alerts, {
  ls: {
    kind: 'list',
    limit: 50,
    does: 'List firing alerts, newest first, with the result for each handle. For the full history of an alert, use pagebridge trace.',
    options: historyOptions,
    fields: withConnectionId,
    examples: `pagebridge alerts ls --org acme-us --state unrouted
      pagebridge alerts ls --query checkout --from 7d -o json`,
  },
});

/** Returns the commands `alerts`; `end` gets the exit code. */
export function alertsCommand(end: End): Command {
  const send = addOrg(commandOf('send', looks))
    .argument('[text]', 'text of the alert, with @oncall- handles')
    .option('-f, --file <file>', 'alert as JSON or YAML, in the format of the intake or, with --kafka, of the topic')
    .option(
      '--token-file <file>',
      'integration token file; default: PAGEBRIDGE_INTAKE_TOKEN, then the token of npm start',
    )
    .option('--kafka', 'write directly to the alert topic of the org, as the Kafka user alert-producers')
    .option('--topic <topic>', 'topic for --kafka; default: the alert topic of the org')
    .addOption(brokersOption());
  return group(end).addCommand(
    send.action(async (text: string | undefined, options: Options, command: Command) => {
      const alert = alertIn(text, options);
      // Without any service, as when they are down.
      if (options.kafka) return end(await publishAlert(options, alert));
      end(await takeIn(runOf([], command.optsWithGlobals()), alert));
    }),
  );
}

/** Returns the alert that the command line gives, in the form of the topic or of the intake. Throws UsageError. */
function alertIn(text: string | undefined, options: Options): Item {
  const file = textIn(options, 'file');
  const { resolved, key, title, ...others } = fieldsIn(options, looks.options);
  if (file === undefined && text === undefined && !resolved)
    throw new UsageError('the alert has no text\nhint: pass a text, or --resolved');
  if (file === undefined && key === undefined) throw new UsageError('--alert-key is missing');
  const line = title ?? text?.split('\n')[0]?.slice(0, 100);
  const alert = {
    ...others,
    ...(text === undefined ? {} : { message: text }),
    ...(line === undefined ? {} : { title: line }),
  };
  if (!resolved && file === undefined && mentionsIn(text ?? '').length === 0)
    say('warning: the text has no @oncall- handle');
  const given = file === undefined ? {} : objectIn('--file', file);
  if (!options.kafka) return { key, status: resolved ? 'resolved' : 'firing', ...alert, ...given };
  const transition = resolved ? 'recovered' : 'triggered';
  const needed = {
    title: `${key} ${transition}`,
    message: '',
    origin: 'monitor',
    occurredAt: new Date().toISOString(),
  };
  return { alertKey: key, transition, ...needed, ...alert, ...given };
}

async function takeIn({ services, options, chosen, placeOf }: Run, body: Item): Promise<number> {
  const file = textIn(options, 'tokenFile');
  const own = file === undefined ? undefined : tokenIn(file, secretIn('--token-file', file));
  const token = own ?? givenToken('PAGEBRIDGE_INTAKE_TOKEN', chosen, process.env) ?? chosen.stack?.intake?.token;
  const sent = { body, ...(token === undefined ? {} : { token }) };
  const answer = (await services.call('POST', 'alert-intake', '/v1/intake/alerts', sent)).body;
  const refused = (answer.refused ?? []) as readonly Item[];
  for (const part of refused) sayError(`alert rejected: ${Object.values(part).join(': ')}`);
  if (refused.length > 0) return exitCodes.failed;
  const result = answer.published === 0 ? 'duplicate; nobody is paged again.' : 'stored in Kafka.';
  say(`Sent to ${placeOf('alert-intake')}: ${result}`);
  return exitCodes.done;
}
