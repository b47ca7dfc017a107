import { writeFileSync } from 'node:fs';
import { orUsage } from '@pagebridge/process';
import { Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { brokersOption, inspectedKafka } from '../kafka/kafka.ts';
import { fromFile } from '../output/from-file.ts';
import { jsonOf } from '../output/output.ts';
import { printLine } from '../output/stream.ts';
import { readRegistry } from '../registry/read-registry.ts';
import { registryIn } from '../registry/registry-file.ts';
import { junitOf, textOf } from './report.ts';
import { resultOf, suiteIn } from './suite.ts';

const more = `
Examples:
  pagebridge registry export > registry.json
  pagebridge route test --suite routes.test.yaml --registry registry.json --junit routes.xml
  pagebridge route test --suite routes.test.yaml --brokers kafka-1:9092

A suite:
  tests:
    - name: a full disk of the database pages its team
      alert: { org: acme-us, message: 'Disk full @oncall-core-infra', priority: P2 }
      expect:
        pages: [{ handle: '@oncall-core-infra', team: core-infra, connection: globex-eu, urgency: high }]

Exit code 1: a test failed.
`;

interface Options {
  readonly suite: string;
  readonly registry?: string;
  readonly brokers?: string;
  readonly junit?: string;
  readonly output: 'text' | 'json';
}

/** Returns the command `route test`; `end` gets its exit code. */
export const testCommand = (end: (code: number) => void): Command =>
  new Command('test')
    .description('Test whom alerts would page, with the routing code of page-routing. Nothing is sent.')
    .requiredOption('--suite <file>', 'YAML file with alerts and their expected results')
    .option('--registry <file>', 'output of registry export; default: the current topics')
    .option('--junit <file>', 'file for the results as JUnit XML')
    .addOption(brokersOption())
    .addOption(new Option('-o, --output <form>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText('after', more)
    .action(async (options: Options) => end(await test(options)));

async function test({ suite: file, registry, brokers, junit, output }: Options): Promise<number> {
  const suite = fromFile('--suite', file, suiteIn);
  const tables =
    registry === undefined ? await readRegistry(inspectedKafka(brokers)) : fromFile('--registry', registry, registryIn);
  const now = suite.now ?? new Date();
  const results = suite.tests.map((one) => resultOf(one, tables, now));
  if (junit !== undefined)
    orUsage(
      () => writeFileSync(junit, junitOf(file, results)),
      ({ message }) => `--junit: ${message}`,
    );
  if (output === 'json') process.stdout.write(`${jsonOf({ suite: file, tests: results }, 2)}\n`);
  else for (const line of textOf(results)) await printLine(line);
  return results.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed;
}
