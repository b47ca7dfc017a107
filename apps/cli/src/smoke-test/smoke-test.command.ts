import { Publisher } from '@pagebridge/kafka';
import { countIn, say } from '@pagebridge/process';
import { type Command, Option } from 'commander';
import { takesSecrets } from '../contexts/chosen-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { act, type End, optionOrg, type Run, textIn } from '../http/act.ts';
import { Services } from '../http/services.ts';
import { kafkaBeside } from '../kafka/kafka.ts';
import { tokenOfClient } from '../login/access-token.ts';
import { safely } from '../output/output.ts';
import { commandOf } from '../resources/commands.ts';
import { variableIn } from '../resources/given.ts';
import { SmokeTest } from './smoke-test.ts';

const looks = {
  does: 'Send an alert through an installation to the sandbox and print each step.',
  examples: `pagebridge smoke-test --sandbox-url http://127.0.0.1:8085
    SANDBOX_ORG=globex-eu SMOKE_TEST_SECONDS=30 pagebridge smoke-test`,
};
const more = `
The test creates a connection to an org of the sandbox, pages over it, waits until the page is resolved, and deletes the
connection. It prints each step with its duration, and ends at the first failure with the reason.

Requires the role admin in the source org and the Kafka rights of alert-producers. Instead of a login, it can request a
token by client credentials: set TOKEN_ENDPOINT, TOKEN_CLIENT_ID, TOKEN_CLIENT_SECRET (or TOKEN_CLIENT_SECRET_FILE) and
TOKEN_SCOPE.
`;

interface Options {
  readonly sandboxUrl: string;
  readonly sandboxOrg: string;
  readonly org: string;
  readonly seconds: number;
}

const option = (flags: string, does: string, variable: string): Option => new Option(flags, does).env(variable);

/** Returns the command `smoke-test`; `end` gets its exit code. */
export function smokeTestCommand(end: End): Command {
  const seconds = (text: string) => countIn('--seconds', text, 1, 3600);
  const command = commandOf('smoke-test', looks)
    .addOption(option('--sandbox-url <url>', 'URL of the sandbox', 'SANDBOX_CONTROL_URL').makeOptionMandatory())
    .addOption(option('--sandbox-org <org>', 'org of the sandbox to page', 'SANDBOX_ORG').default('globex'))
    .addOption(
      option('--org <org>', 'dedicated source org of the test', 'SOURCE_ORG')
        .default('smoke-test')
        .argParser(optionOrg),
    )
    .addOption(
      option('--seconds <n>', 'maximum duration in seconds', 'SMOKE_TEST_SECONDS').default(120).argParser(seconds),
    )
    .addHelpText('after', more);
  return act(command, end, smokeTest);
}

async function smokeTest({ chosen, services, options, placeOf }: Run): Promise<number> {
  const { sandboxUrl, sandboxOrg, org, seconds } = options as unknown as Options;
  const signal = AbortSignal.timeout(seconds * 1000);
  const { TOKEN_ENDPOINT: endpoint } = process.env;
  const isGiven = endpoint && takesSecrets(chosen, 'TOKEN_CLIENT_SECRET');
  const token = isGiven ? await tokenOfVariables(endpoint) : undefined;
  const kafka = kafkaBeside(chosen, 'alert-producers');
  const publisher = new Publisher(kafka);
  await publisher.start();
  say(`Testing ${placeOf('connection-management')} with ${kafka.where}.`);
  const installation = {
    ...{ sandboxUrl, sandboxOrg, sourceOrg: org, signal },
    services:
      token === undefined ? services : new Services(chosen.context, async () => token, textIn(options, 'onBehalfOf')),
    publish: (...records: Parameters<typeof publisher.publish>[0]) => publisher.publish(records, { signal }),
  };
  try {
    await new SmokeTest(installation, (line) => process.stdout.write(`${safely(line)}\n`)).run();
    return exitCodes.done;
  } catch (error) {
    throw (error as Error).name === 'AbortError' ? new Error(`smoke test not finished within ${seconds} s`) : error;
  } finally {
    await publisher.close();
  }
}

/** Returns a token by the client credentials of the environment. */
function tokenOfVariables(endpoint: string): Promise<string> {
  const { TOKEN_CLIENT_ID: clientId = '', TOKEN_SCOPE: scope = '' } = process.env;
  const clientSecret = variableIn('TOKEN_CLIENT_SECRET', process.env)?.trim() ?? '';
  return tokenOfClient(endpoint, { clientId, clientSecret, scope });
}
