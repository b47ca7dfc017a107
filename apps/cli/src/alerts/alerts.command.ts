import { say, UsageError } from '@pagebridge/programs';
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
  does: 'Sends an alert as an alerting system does: over HTTP with the token of an integration, or to Kafka.',
  options: [
    ['--alert-key <key>', 'names what alerts, the same until it has recovered', 'key'],
    ['--title <title>', 'a line; default: the beginning of the text', 'title'],
    ['--priority <priority>', 'P4 and P5 page with low urgency', 'priority', priorities],
    ['--resolved', 'it has recovered', 'resolved'],
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

const group = resourceCommand('alerts', 'Alerts of a source org.', alerts, {
  ls: {
    kind: 'list',
    limit: 50,
    does: 'Lists alerts that fire, the latest first, with what became of their handles. All of one: pagebridge trace.',
    options: historyOptions,
    fields: withConnectionId,
    examples: `pagebridge alerts ls --org acme-us --state unrouted
      pagebridge alerts ls --query checkout --from 7d -o json`,
  },
});

/** Returns the commands `alerts`; `end` gets the exit code. */
export function alertsCommand(end: End): Command {
  const send = addOrg(commandOf('send', looks))
    .argument('[text]', 'the text, with @oncall-handles')
    .option('-f, --file <file>', 'the alert as JSON or YAML, in the form of the intake or of the topic')
    .option('--token-file <file>', 'of the integration; default: PAGEBRIDGE_INTAKE_TOKEN, else that of npm start')
    .option('--kafka', 'write to the topic of the org, without any service, as the Kafka user alert-producers')
    .option('--topic <topic>', 'with --kafka: this topic; default: the one that is read for the org')
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
    throw new UsageError('what has happened? Give a text, or --resolved');
  if (file === undefined && key === undefined) throw new UsageError('which alert? Give --alert-key');
  const line = title ?? text?.split('\n')[0]?.slice(0, 100);
  const alert = {
    ...others,
    ...(text === undefined ? {} : { message: text }),
    ...(line === undefined ? {} : { title: line }),
  };
  if (!resolved && file === undefined && mentionsIn(text ?? '').length === 0) say('Its text has no @oncall- handle.');
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
  for (const part of refused) say(`Refused: ${Object.values(part).join(': ')}`);
  if (refused.length > 0) return exitCodes.failed;
  const result = answer.published === 0 ? 'this is known already, so nobody is paged again.' : 'Kafka has it.';
  say(`Sent to ${placeOf('alert-intake')}: ${result}`);
  return exitCodes.done;
}
