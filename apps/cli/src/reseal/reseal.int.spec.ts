import { expect, it } from '@jest/globals';
import { Connections, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, securityOf } from '@pagebridge/kafka';
import { generateSealingKey } from '@pagebridge/sealed-credentials';
import { testBrokers, uniqueName } from '@pagebridge/testing';
import { run } from '../run.fixtures.ts';

const quiet = () => undefined;

it('an org without known connections is not found, planned or not, and a token in clear text is wrong usage; no counts are printed', async () => {
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const brokers = testBrokers();
  const settings = { brokers, clientId: uniqueName('reseal-spec'), security: securityOf(process.env), log };
  await createTopics(settings, topicDefinitionsOf(Connections.card));
  const { publicKey, privateKey } = await generateSealingKey();
  const env = {
    ...process.env,
    PAGEBRIDGE_CONTEXT: 'environment',
    CREDENTIALS_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey] }),
    CREDENTIALS_PUBLIC_KEY: JSON.stringify(publicKey),
    CONNECTION_MANAGEMENT_URL: 'http://127.0.0.1:1',
  };
  const org = uniqueName('typo');
  const unknown = { status: 3, stdout: '', stderr: `error: ${org} has no connections\n` };
  expect(await run(['reseal', '--org', org], env)).toEqual(unknown);
  expect(await run(['reseal', '--org', org, '--plan'], env)).toEqual(unknown);
  const exposed = { ...env, CONNECTION_MANAGEMENT_URL: 'http://connections.example.com', PAGEBRIDGE_TOKEN: 'token' };
  expect(await run(['reseal'], exposed)).toEqual({
    ...{ status: 2, stdout: '' },
    stderr: expect.stringMatching(
      /^error: the environment: connection-management is not allowed: a token .* in clear text: use https/,
    ),
  });
});
