import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Alerts, cards } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import { anAlertRecord } from '@pagebridge/testing';
import { describeWith } from '../harness/describe-with.ts';
import { Journey } from '../harness/journey.ts';
import { requireProgram } from '../optional-programs.ts';

const journey = new Journey();

const kcat = (login: string, args: readonly string[], input = '') => {
  const config = join(journey.folder, 'secure/logins', `${login}.kcat`);
  const { status, stdout, stderr } = spawnSync(requireProgram('kcat'), ['-F', config, ...args], {
    input,
    encoding: 'utf8',
    timeout: 15_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`kcat ${args.join(' ')}: ${stderr}`);
  return stdout;
};

describeWith('kcat')('kcat', () => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('sends an alert that pages, compressed as %s', async (codec) => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const record = anAlertRecord({ sourceOrg: acme.id, alertKey: 'kcat', message: 'From kcat: @oncall-core-infra' });
    const { topic } = Alerts.card;
    const producing = ['-P', '-t', topic, '-k', record.key, '-z', codec, '-X', 'partitioner=murmur2_random'];
    kcat(
      'alert-producers',
      [...producing, '-H', 'content-type=application/cloudevents+json'],
      record.value?.toString(),
    );
    const alert = { sourceOrg: acme.id, alertKey: 'kcat' };
    await acme.pageIn(journey.globex, { ...alert } as never, 'core-infra');
    const seen = await journey.driver.watch.waitForRecord(
      topic,
      'the alert',
      (it) => it.key?.toString() === record.key,
    );
    expect(seen.partition).toBe(partitionFor(record.key, Alerts.card.partitions));
  });

  it('prints one readable event a line for every topic with events', () => {
    for (const { topic, eventType } of cards) {
      const values = kcat('admin', ['-C', '-t', topic, '-e', '-q', '-f', '%s\\n']).split('\n').filter(Boolean);
      // Other journeys write invalid records to the alerts topic.
      const events = topic === Alerts.card.topic ? values.filter((value) => value.includes(eventType)) : values;
      for (const event of events) {
        expect(JSON.parse(event)).toMatchObject({ specversion: '1.0', type: eventType, data: expect.anything() });
      }
    }
  });
});
