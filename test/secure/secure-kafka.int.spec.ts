import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BatchConsumer,
  createTopics,
  done,
  type KafkaSettings,
  Publisher,
  type RecordBatch,
  requireRights,
  requireTopics,
  type SecurityVariables,
  TableView,
} from '@pagebridge/kafka';
import { claimFolder, Processes } from '@pagebridge/local-stack';
import { CertificateAuthority, uniqueName, waitFor } from '@pagebridge/testing';
import type { Acl } from '@pagebridge/topics';
import { login, SecureBroker, sessionMs, TokenServer } from './secure-broker.ts';

describe('a broker that wants TLS and a login', () => {
  const folder = claimFolder('secure-kafka');
  const processes = new Processes(folder);
  let broker: SecureBroker;
  // Begun first and looked at last, so that nothing waits for it.
  let longSession: ReturnType<typeof publishForLongerThanASession>;
  beforeAll(async () => {
    broker = await SecureBroker.start(folder, processes, ['admin', 'alice', 'bob']);
    longSession = publishForLongerThanASession(broker.settings(broker.sasl, login('admin')));
    longSession.catch(() => undefined);
  });
  afterAll(() => processes.killAll());

  /** Publishes to a new topic, consumes it in a group and reads it as a table. */
  async function exchange(settings: KafkaSettings): Promise<string[]> {
    const topic = await topicOf(settings);
    await requireTopics(settings, [topic]);
    const publisher = new Publisher(settings);
    await publisher.start();
    await publisher.publish([{ topic, key: 'k', value: 'hello', headers: {} }]);
    const seen: string[] = [];
    const consumer = consumerOf(settings, topic, topic, (value) => seen.push(`consumed ${value}`), fail);
    await consumer.start();
    await waitFor('the record to be consumed', () => seen.length > 0);
    const view = new TableView(settings, { topics: [topic], onRecord: ({ value }) => void seen.push(`read ${value}`) });
    await view.start();
    await Promise.all([view.stop(), consumer.stop(), publisher.close()]);
    return seen;
  }

  it.each(['plain', 'scram-sha-512'])('creates, publishes, consumes and reads with %s', async (mechanism) => {
    expect(await exchange(broker.settings(broker.sasl, login('admin', mechanism)))).toEqual([
      'consumed hello',
      'read hello',
    ]);
  });

  it('does the same with a client certificate', async () => {
    const certificate = await broker.certificate({ name: 'admin' });
    expect(await exchange(broker.settings(broker.mtls, certificate))).toEqual(['consumed hello', 'read hello']);
  });

  const faultOf = async (address: string, variables: SecurityVariables): Promise<string> =>
    requireTopics(broker.settings(address, variables), ['any']).then(
      () => 'none',
      (error: Error) => error.message,
    );

  it('names the variable of what is wrong with a login or a certificate', async () => {
    const other = broker.file('other-ca.pem', (await CertificateAuthority.create()).cert);
    const stranger = await broker.certificate({ name: 'stranger' }, await CertificateAuthority.create());
    const faults = await Promise.all([
      faultOf(broker.sasl, login('alice', 'scram-sha-512', 'wrong')),
      faultOf(broker.sasl, login('alice', 'plain', 'wrong')),
      faultOf(broker.sasl, login('alice', 'scram-sha-256')),
      faultOf(broker.sasl, { ...login('alice'), KAFKA_TLS_CA_FILE: other }),
      faultOf(broker.sasl, { ...login('alice'), KAFKA_TLS_CA_FILE: '' }),
      faultOf(broker.misnamed, login('alice')),
      faultOf(broker.mtls, {}),
      faultOf(broker.mtls, stranger),
      faultOf(broker.plaintext, login('alice')),
      faultOf(broker.sasl, {}),
      faultOf(broker.sasl, { KAFKA_TLS: 'off', KAFKA_TLS_CA_FILE: '' }),
    ]);
    expect(faults.map((fault) => fault.replaceAll(/:\d{4,5}/g, ''))).toEqual([
      expect.stringMatching(
        /^KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: 127.0.0.1 rejects alice \(scram-sha-512\): Auth/,
      ),
      expect.stringMatching(/^KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: 127.0.0.1 rejects alice \(plain\): Auth/),
      expect.stringMatching(/^KAFKA_SASL_MECHANISM: the broker does not support it on this listener/),
      expect.stringMatching(/^KAFKA_TLS_CA_FILE: no CA in the file signed the certificate of 127.0.0.1 \(/),
      expect.stringMatching(/^KAFKA_TLS_CA_FILE: no CA in the file signed the certificate of 127.0.0.1 \(/),
      expect.stringMatching(/^KAFKA_BROKERS: the certificate of 127.0.0.1 does not name this host \(/),
      'KAFKA_TLS_CERT_FILE is not set, and 127.0.0.1 requires a client certificate (tlsv13 alert certificate required)',
      'KAFKA_TLS_CERT_FILE: 127.0.0.1 rejects the client certificate (ssl/tls alert certificate unknown)',
      expect.stringMatching(/; likely cause: KAFKA_TLS is on, and the listener does not use TLS$/),
      expect.stringMatching(/; likely cause: KAFKA_SASL_MECHANISM is not set, and the listener requires a login$/),
      expect.stringMatching(/; likely cause: KAFKA_TLS is off, and the listener requires TLS$/),
    ]);
  });

  it('takes a rotated certificate and a rotated password with the next connection', async () => {
    const certificate = await broker.certificate({ name: 'rotated' }, await CertificateAuthority.create());
    const byCertificate = broker.settings(broker.mtls, certificate);
    const password = broker.file('password', 'former');
    const { KAFKA_SASL_PASSWORD: _, ...alice } = login('alice');
    const byPassword = broker.settings(broker.sasl, { ...alice, KAFKA_SASL_PASSWORD_FILE: password });
    for (const settings of [byCertificate, byPassword]) {
      await expect(requireTopics(settings, [])).rejects.toThrow(/^KAFKA_(TLS_CERT_FILE|SASL_USERNAME)/);
    }
    await broker.certificate({ name: 'rotated' });
    broker.file('password', 'alice-secret\n');
    for (const settings of [byCertificate, byPassword]) await requireTopics(settings, []);
  });

  it('logs in by a token, and names a token that the broker refuses', async () => {
    await using tokens = await TokenServer.start();
    const settings = broker.settings(broker.sasl, tokens.variables);
    expect(await exchange(settings)).toEqual(['consumed hello', 'read hello']);
    expect(tokens.asked).toBe(1);
    tokens.lifeSeconds = -60;
    expect(await faultOf(broker.sasl, tokens.variables)).toMatch(/^KAFKA_SASL_OAUTH_\*: .* rejects the token: /);
    tokens.isOpen = false;
    expect(await faultOf(broker.sasl, tokens.variables)).toBe(
      'KAFKA_SASL_OAUTH_CLIENT_ID, _CLIENT_SECRET or _SCOPE: the token endpoint rejects them (401 invalid_client)',
    );
  });

  it('names a token endpoint that does not answer, and not the broker that waits for the token', async () => {
    await using tokens = await TokenServer.start();
    tokens.isHanging = true;
    const publisher = new Publisher(broker.settings(broker.sasl, tokens.variables));
    await expect(publisher.start()).rejects.toThrow(/^KAFKA_SASL_OAUTH_TOKEN_ENDPOINT cannot be reached/);
    await publisher.close();
  });

  it('names the right that is missing, and goes on once it is given', async () => {
    const topic = await topicOf(broker.settings(broker.sasl, login('admin')));
    const group = `${topic}-group`;
    const settings = broker.settings(broker.sasl, login('bob'));
    const allow = (operation: Acl['operation'], resourceType: Acl['resourceType'], resourceName: string) =>
      broker.allow({ who: 'bob', operation, resourceType, resourceName, patternType: 'literal' });
    const denied = (right: string) => new RegExp(`Kafka denies ${right}: an ACL is missing`);
    await expect(requireTopics(settings, [topic])).rejects.toThrow(denied(`Describe on topic ${topic}`));
    await allow('Describe', 'topic', topic);
    await allow('Describe', 'topic', `${topic}.dead`);
    const start = async () => {
      const fatal = Promise.withResolvers<Error>();
      const consumer = consumerOf(settings, group, topic, () => undefined, fatal.resolve);
      const failed = await Promise.race([consumer.start().then(() => fatal.promise), fatal.promise]);
      await consumer.stop();
      throw failed;
    };
    await expect(start()).rejects.toThrow(denied(`Describe on group ${group}`));
    await allow('Read', 'group', group);
    await expect(start()).rejects.toThrow(denied(`Read on topic ${topic}`));
    await allow('Read', 'topic', topic);
    const rights = requireRights(settings, { [topic]: ['Read', 'Write'], [`${topic}.dead`]: ['Write'] });
    await expect(rights).rejects.toThrow(
      [topic, `${topic}.dead`]
        .map(
          (name) =>
            `Kafka denies Write on topic ${name}: an ACL is missing; compare it with the output of \`pagebridge acls\``,
        )
        .join('; '),
    );
    const publisher = new Publisher(settings, { deliveryTimeoutMs: 1500 });
    await expect(publisher.start()).rejects.toThrow(denied('Write on topic \\*'));
    await allow('Write', 'topic', `${topic}.dead`);
    await publisher.start();
    const publish = () => publisher.publish([{ topic, key: 'k', value: 'hello', headers: {} }]);
    await expect(publish()).rejects.toThrow(denied(`Write on topic ${topic}`));
    await allow('Write', 'topic', topic);
    await waitFor('the message to be written', () => publish().then(() => true));
    await requireRights(settings, { [topic]: ['Read', 'Write'] });
    await publisher.close();
  });

  it('is not ready while its password is another, says why, and goes on once it is right', async () => {
    const password = broker.file('rotating', 'admin-secret');
    const { KAFKA_SASL_PASSWORD: _, ...admin } = login('admin');
    const settings = broker.settings(broker.sasl, { ...admin, KAFKA_SASL_PASSWORD_FILE: password });
    const topic = await topicOf(settings);
    const publisher = new Publisher(settings);
    const seen: string[] = [];
    const consumer = consumerOf(settings, topic, topic, (value) => seen.push(value), fail);
    await Promise.all([publisher.start(), consumer.start()]);
    const publish = (value: string) => publisher.publish([{ topic, key: 'k', value, headers: {} }]);
    await publish('before');
    await waitFor('it to be consumed', () => seen.length === 1);
    broker.file('rotating', 'not yet');
    const reason = /KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: .* rejects admin/;
    await waitFor('the reason', () => !consumer.health().ready && reason.test(consumer.health().detail), {
      lastSeen: () => consumer.health(),
    });
    const during = publish('during');
    broker.file('rotating', 'admin-secret');
    await during;
    await waitFor('it to be consumed', () => seen.length === 2, {
      lastSeen: () => consumer.health(),
    });
    expect(seen).toEqual(['before', 'during']);
    await Promise.all([consumer.stop(), publisher.close()]);
  });

  it('stays connected for longer than a session, without an error', async () => {
    const { sent, seen, warned, isReady } = await longSession;
    expect(seen).toHaveLength(sent);
    expect(warned).toEqual([]);
    expect(isReady).toBe(true);
  });
});

const fail = (error: Error) => {
  throw error;
};

async function topicOf(settings: KafkaSettings): Promise<string> {
  const topic = uniqueName('secure-spec');
  await createTopics(
    settings,
    [topic, `${topic}.dead`].map((name) => ({ topic: name, partitions: 1, config: {} })),
  );
  return topic;
}

function consumerOf(
  settings: KafkaSettings,
  group: string,
  topic: string,
  take: (value: string) => void,
  onFatal: (error: Error) => void,
): BatchConsumer {
  const handle = async ({ records }: RecordBatch) => {
    for (const { value } of records) take(String(value));
    return done;
  };
  return new BatchConsumer(settings, { group, topics: [topic], handlers: new Map([[topic, handle]]), onFatal });
}

async function publishForLongerThanASession(settings: KafkaSettings) {
  const warned: string[] = [];
  const warn = (message: string) => void warned.push(message);
  const loud = { ...settings, log: { ...settings.log, warn, error: warn } };
  const topic = await topicOf(settings);
  const publisher = new Publisher(loud);
  const seen: string[] = [];
  const consumer = consumerOf(loud, topic, topic, (value) => seen.push(value), fail);
  await Promise.all([publisher.start(), consumer.start()]);
  // A start may have to wait for a busy broker.
  warned.splice(0);
  const until = Date.now() + sessionMs + 2000;
  let sent = 0;
  for (; Date.now() < until; sent += 1) {
    await publisher.publish([{ topic, key: 'k', value: `${sent}`, headers: {} }]);
    await waitFor('it to be consumed', () => seen.length > sent);
  }
  const isReady = consumer.health().ready;
  await Promise.all([consumer.stop(), publisher.close()]);
  return { sent, seen, warned, isReady };
}
