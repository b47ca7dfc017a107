import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { brokersOption, inspectedKafka } from '../kafka/kafka.ts';
import { endWithReader, printLine } from '../output/stream.ts';
import { readRegistry } from './read-registry.ts';
import { linesOf } from './registry-file.ts';

const more = `
Examples:
  pagebridge registry export > registry.json
  pagebridge registry export --org acme-us > acme-us.json

The output is JSON with one item per line, in a stable order and without credentials. pagebridge route reads it.
`;

/** Returns the commands for the registry of handles; `end` gets their exit code. */
export const registryCommand = (end: (code: number) => void): Command =>
  new Command('registry').description('Export the handle registry.').addCommand(
    new Command('export')
      .description('Print the current connections, source org settings, directories and handles.')
      .option('--org <org>', 'only entries that this source org can page')
      .addOption(brokersOption())
      .addHelpText('after', more)
      .action(async ({ org, brokers }: { org?: string; brokers?: string }) => {
        endWithReader();
        const tables = await readRegistry(inspectedKafka(brokers));
        for (const line of linesOf(tables, org)) await printLine(line);
        end(exitCodes.done);
      }),
  );
