import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PageOutcomes } from '@pagebridge/contracts';
import { createTopics, requireTopics, TableView } from '@pagebridge/kafka';
import { childEnvironment, kafkaSettings, root } from '@pagebridge/local-stack';
import { Journey } from '../harness/journey.ts';

/* Every other journey on this stack shows that no service lacks a right: a denial of the broker fails it. */
const journey = new Journey({ expectedDenials: /Principal = User:(subscribers|alert-producers) is Denied/ });

/** Returns the settings of a principal; a broker that does not answer is not waited for. */
const settingsOf = (who: string, changed: Readonly<Record<string, string>> = {}) => {
  const { brokers, logins = {} } = journey.driver.info;
  const login = { ...logins[who], ...changed };
  return { ...kafkaSettings({ brokers, logins: { [who]: login } }, 'stranger', who), connectTimeoutMs: 3000 };
};
const lookAsIf = (who: string, changed?: Readonly<Record<string, string>>) =>
  requireTopics(settingsOf(who, changed), [PageOutcomes.card.topic]);

describe('the broker of a secure stack', () => {
  it('refuses plaintext, a wrong password, and a connection without a certificate', async () => {
    expect([...(await lookAsIf('subscribers')).keys()]).toEqual([PageOutcomes.card.topic]);
    const inTheClear = settingsOf('nobody');
    await expect(requireTopics(inTheClear, [PageOutcomes.card.topic])).rejects.toThrow('KAFKA_TLS');
    const foreign = join(root, 'package.json');
    const wrongPassword = { KAFKA_SASL_PASSWORD_FILE: foreign };
    await expect(lookAsIf('subscribers', wrongPassword)).rejects.toThrow('KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD');
    const noCertificate = { KAFKA_TLS_CERT_FILE: '', KAFKA_TLS_KEY_FILE: '' };
    await expect(lookAsIf('subscribers', noCertificate)).rejects.toThrow('KAFKA_TLS_CERT_FILE is not set');
  });

  it('denies a producer of alerts the outcomes, and a subscriber the creation of a topic', async () => {
    const view = new TableView(settingsOf('alert-producers'), {
      topics: [PageOutcomes.card.topic],
      onRecord: () => {},
    });
    await expect(view.start()).rejects.toThrow('Kafka denies');
    const topic = { topic: 'paging.mine.v1', partitions: 1, config: {} };
    await expect(createTopics(settingsOf('subscribers'), [topic])).rejects.toThrow(
      'Kafka denies Create on topic paging.mine.v1',
    );
    expect(journey.logs.denials()).not.toEqual([]);
  });
});

describe('the database of a secure stack', () => {
  it('refuses plaintext', async () => {
    const env = childEnvironment({ DATABASE_URL: journey.driver.info.databaseUrl });
    const script = join(root, 'apps/connection-management/dist/migrate.js');
    const said = await new Promise<string>((resolve) => {
      execFile(process.execPath, [script], { env }, (_, stdout, stderr) => resolve(`${stdout}${stderr}`));
    });
    expect(said).toContain('the server requires TLS, and DATABASE_TLS is off');
  });
});
