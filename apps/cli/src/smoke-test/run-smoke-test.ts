import { Publisher, programLog } from '@pagebridge/kafka';
import { say } from '@pagebridge/programs';
import { brokersOf, kafkaSecurityOf, useConfiguredProxy } from '@pagebridge/service';
import { refuseContext } from '../contexts/chosen-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { safely } from '../output/output.ts';
import { accessToken } from './access-token.ts';
import { callerOf } from './caller.ts';
import { loadSmokeTest } from './config.ts';
import { SmokeTest } from './smoke-test.ts';

/** Runs the smoke test that the environment configures; resolves to its exit code, or rejects with the first failure. */
export async function runSmokeTest(): Promise<number> {
  refuseContext('smoke-test', process.env);
  const config = loadSmokeTest();
  await useConfiguredProxy();
  const signal = AbortSignal.timeout(config.SMOKE_TEST_SECONDS * 1000);
  const token = await accessToken(config);
  const publisher = new Publisher({
    brokers: brokersOf(config),
    security: kafkaSecurityOf(process.env),
    clientId: 'pagebridge-smoke-test',
    log: programLog(say),
  });
  await publisher.start();
  const installation = {
    connections: callerOf(config.CONNECTION_MANAGEMENT_URL, token),
    handles: callerOf(config.HANDLE_SYNC_URL, token, signal),
    sandbox: callerOf(config.SANDBOX_CONTROL_URL, undefined, signal),
    publish: (...records: Parameters<typeof publisher.publish>[0]) => publisher.publish(records, { signal }),
    sourceOrg: config.SOURCE_ORG,
    sandboxOrg: config.SANDBOX_ORG,
    signal,
  };
  try {
    await new SmokeTest(installation, (line) => process.stdout.write(`${safely(line)}\n`)).run();
    return exitCodes.done;
  } catch (error) {
    throw (error as Error).name === 'AbortError' ? new Error('the run exceeded SMOKE_TEST_SECONDS') : error;
  } finally {
    await publisher.close();
  }
}
