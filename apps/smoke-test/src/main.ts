import { Publisher, programLog } from '@pagebridge/kafka';
import { brokersOf, ConfigError, kafkaSecurityOf, useConfiguredProxy } from '@pagebridge/service';
import { accessToken } from './access-token.ts';
import { Caller } from './caller.ts';
import { loadSmokeTest } from './config.ts';
import { SmokeTest } from './smoke-test.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`smoke-test: ${line}\n`);

async function run(): Promise<void> {
  const config = loadSmokeTest();
  await useConfiguredProxy();
  const kafka = {
    brokers: brokersOf(config),
    security: kafkaSecurityOf(process.env),
    clientId: 'pagebridge-smoke-test',
    log: programLog(complain),
  };
  const signal = AbortSignal.timeout(config.SMOKE_TEST_SECONDS * 1000);
  const token = await accessToken(config);
  const publisher = new Publisher(kafka);
  await publisher.start();
  try {
    const test = new SmokeTest(
      {
        connections: new Caller(config.CONNECTION_MANAGEMENT_URL, token),
        handles: new Caller(config.HANDLE_SYNC_URL, token, signal),
        sandbox: new Caller(config.SANDBOX_CONTROL_URL, undefined, signal),
        publish: (records) => publisher.publish(records, { signal }),
        sourceOrg: config.SOURCE_ORG,
        sandboxOrg: config.SANDBOX_ORG,
        signal,
      },
      say,
    );
    await test.run();
  } finally {
    await publisher.close();
  }
}

try {
  await run();
} catch (error) {
  const timedOut = error instanceof Error && error.name === 'AbortError';
  complain(timedOut ? 'the run exceeded SMOKE_TEST_SECONDS' : error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
