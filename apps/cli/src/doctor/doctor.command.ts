import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { orUsage, say } from '@pagebridge/process';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { brokersOption, inspectedKafka } from '../kafka/kafka.ts';
import { printList } from '../output/items.ts';
import { type Form, outputOption } from '../output/output.ts';
import { version } from '../version.command.ts';
import { type Finding, warning } from './finding.ts';
import { checkKafka } from './kafka-checks.ts';
import { checkAddresses, checkDestinations, checkIssuer } from './reach.ts';
import { configurationIn, redactedBy } from './redacted.ts';
import { addressesIn, askServices, checkService, type Service } from './services.ts';

const more = `
Examples:
  pagebridge doctor
  pagebridge doctor --brokers kafka-1:9092 --services services.json -o json | jq '.[] | select(.state != "ok")'
  pagebridge doctor bundle findings.json.gz

--services is a JSON file with the management ports of services: {"management": {"pageRouting": "http://10.0.0.7:9464"}},
or the output of kubectl get pods -o json; with - it is read from standard input.
With the Kafka of npm start, its file .local/stack.json is the default. With a context, the service addresses and the issuer
of the context are checked too. Exit code 1: a check found a fault.
`;

interface Options {
  readonly brokers?: string;
  readonly services?: string;
  readonly issuer?: string;
  readonly output?: Form;
}

const withOptions = (command: Command): Command =>
  command
    .addOption(brokersOption())
    .option('--services <file>', 'JSON file with the management ports of services')
    .option('--issuer <url>', 'token issuer; default: the issuer in --services, then in the context');

/** Returns the command `doctor`; `end` gets its exit code. */
export const doctorCommand = (end: (code: number) => void): Command =>
  withOptions(new Command('doctor').description('Check an installation for faults and print fixes.'))
    .addOption(outputOption())
    .addHelpText('after', more)
    .action(async (options: Options) => {
      const { findings } = await examined(options);
      printList(findings, { columns: 'check state detail cure', names: ['check'] }, options.output ?? 'table');
      end(codeOf(findings));
    })
    .addCommand(
      withOptions(new Command('bundle'))
        .description('Write findings, topics, lags, health and metrics to a file for support, without secrets.')
        .argument('[file]', 'new file to write', `pagebridge-${new Date().toISOString().replace(/[:.]/g, '')}.json.gz`)
        .addHelpText('after', '\nExamples:\n  pagebridge doctor bundle\n  pagebridge doctor bundle findings.json.gz\n')
        .action(async (file: string, _: Options, command: Command) =>
          end(await bundle(file, command.optsWithGlobals())),
        ),
    );

const codeOf = (findings: readonly Finding[]): number =>
  findings.some(({ state }) => state === 'fault') ? exitCodes.failed : exitCodes.done;

async function examined({ brokers, services: file, issuer }: Options) {
  const settings = inspectedKafka(brokers);
  const { context, stack } = settings;
  const addresses = addressesIn(file, stack);
  const [kafka, services, ofContext, ofIssuer] = await Promise.all([
    checkKafka(settings),
    askServices(addresses),
    stack ? [] : checkAddresses(context),
    checkIssuer(issuer ?? addresses.access?.issuer ?? context?.issuer),
  ]);
  const destinations = kafka.topics.length === 0 ? [] : await checkDestinations(settings, addresses);
  const unasked = services.length > 0 ? [] : [warning('services', 'no service was checked', 'use --services')];
  const asked = [...unasked, ...services.flatMap(checkService), ...ofContext];
  const findings = [...kafka.findings, ...asked, ...destinations, ...ofIssuer];
  return { findings, topics: kafka.topics, services };
}

/** Writes what `doctor` sees. Only what is named here gets into the file, and what has the form of a secret is taken out of it. */
async function bundle(file: string, options: Options): Promise<number> {
  const { findings, topics, services } = await examined(options);
  const redacted = redactedBy(process.env);
  const { node, v8, openssl } = process.versions;
  const textsOf = ({ health, metrics }: Service) => ({
    ...{ health: health.body || health.error, metrics: metrics.body || metrics.error },
  });
  const whole = {
    ...{ at: new Date().toISOString(), pagebridge: version, node, v8, openssl, platform: process.platform },
    ...{ findings, topics, configuration: configurationIn(process.env) },
    services: Object.fromEntries(services.map((its) => [its.name, textsOf(its)])),
  };
  const clean = JSON.stringify(whole, (_, its) => (typeof its === 'string' ? redacted(its) : its), 2);
  orUsage(() => writeFileSync(file, gzipSync(`${clean}\n`), { flag: 'wx', mode: 0o600 }));
  say(`Wrote ${file}. Review it before you send it: gzip -dc ${file}`);
  return codeOf(findings);
}
