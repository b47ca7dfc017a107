import { expect, it, jest } from '@jest/globals';
import { Connections, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, securityOf } from '@pagebridge/kafka';
import { generateSealingKey } from '@pagebridge/sealed-credentials';
import { testBrokers, uniqueName } from '@pagebridge/testing';
import { program } from './program.ts';

const quiet = () => undefined;

it('an org without known connections is wrong usage, planned or not, as is a token in clear text, and no counts are printed', async () => {
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const brokers = testBrokers();
  const settings = { brokers, clientId: uniqueName('reseal-spec'), security: securityOf(process.env), log };
  await createTopics(settings, topicDefinitionsOf(Connections.card));
  const { publicKey, privateKey } = await generateSealingKey();
  const env = {
    ...process.env,
    CREDENTIALS_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey] }),
    CREDENTIALS_PUBLIC_KEY: JSON.stringify(publicKey),
    CONNECTION_MANAGEMENT_URL: 'http://127.0.0.1:1',
  };
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const org = uniqueName('typo');
  const codes = [await program(['--org', org], env), await program(['--org', org, '--plan'], env)];
  const exposed = { ...env, CONNECTION_MANAGEMENT_URL: 'http://connections.example.com', PAGEBRIDGE_TOKEN: 'token' };
  codes.push(await program([], exposed));
  const [output, messages] = [printed, said].map(({ mock }) => mock.calls.map(([text]) => String(text)));
  jest.restoreAllMocks();
  expect(messages).toEqual([
    `no connection of ${org} is known\n`,
    `no connection of ${org} is known\n`,
    expect.stringMatching(/^bad configuration: CONNECTION_MANAGEMENT_URL: a token .* in clear text: use https/),
  ]);
  expect(output).toEqual([]);
  expect(codes).toEqual([2, 2, 2]);
});
