import { type OutgoingRecord, Publisher, programLog } from '@pagebridge/kafka';
import { exitCodes, runProgram } from '@pagebridge/programs';
import { brokersOf, kafkaSecurityOf, useConfiguredProxy } from '@pagebridge/service';
import { accessToken } from './access-token.ts';
import { Caller } from './caller.ts';
import { loadSmokeTest } from './config.ts';
import { SmokeTest } from './smoke-test.ts';

const help = `smoke-test: sends an alert through an installation to the sandbox, and prints each step

Is configured by variables alone (apps/smoke-test/README.md). Exit code 0 only if the page was created and resolved.
`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

await runProgram(help, {}, async () => {
  const config = loadSmokeTest();
  await useConfiguredProxy();
  const signal = AbortSignal.timeout(config.SMOKE_TEST_SECONDS * 1000);
  const token = await accessToken(config);
  const publisher = new Publisher({
    brokers: brokersOf(config),
    security: kafkaSecurityOf(process.env),
    clientId: 'pagebridge-smoke-test',
    log: programLog(complain),
  });
  await publisher.start();
  const installation = {
    connections: new Caller(config.CONNECTION_MANAGEMENT_URL, token),
    handles: new Caller(config.HANDLE_SYNC_URL, token, signal),
    sandbox: new Caller(config.SANDBOX_CONTROL_URL, undefined, signal),
    publish: (records: readonly OutgoingRecord[]) => publisher.publish(records, { signal }),
    sourceOrg: config.SOURCE_ORG,
    sandboxOrg: config.SANDBOX_ORG,
    signal,
  };
  await new SmokeTest(installation, say)
    .run()
    .catch(inTime)
    .finally(() => publisher.close());
  return exitCodes.done;
});

function inTime(error: Error): never {
  throw error.name === 'AbortError' ? new Error('the run exceeded SMOKE_TEST_SECONDS') : error;
}
