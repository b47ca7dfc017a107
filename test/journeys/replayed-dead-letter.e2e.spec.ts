import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Alerts, Audit, type AuditRecord, PageCommands } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { kafkaSettings, Tokens } from '@pagebridge/local-stack';
import { root } from '@pagebridge/local-stack/base';
import { anAlertRecord, waitFor } from '@pagebridge/testing';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();
const deadTopic = deadLetterTopicOf(PageCommands.card.topic);

afterEach(() => journey.driver.sandbox(journey.globex).recover());

/** Runs the command with the Kafka login of operators and returns its JSON. */
function replay(org: string, topic = 'page-commands', ...options: string[]) {
  const { brokers, logins } = journey.driver.info;
  const line = ['--topic', topic, '--record-key', `${org}/*`, '--actor', 'ada', '--yes', ...options];
  return deadLettersCommand(['replay', ...line, '--kafka', '--brokers', brokers], { ...logins?.['dead-letters'] });
}

/** Runs the command as a person who may, without a login to Kafka, and returns its JSON. */
async function overHttp(org: string, ...line: string[]) {
  const { access, services } = journey.driver.info;
  const PAGEBRIDGE_TOKEN = await new Tokens(access).of('olga');
  const env = { PAGEBRIDGE_TOKEN, PAGE_HISTORY_URL: services.pageHistory, PAGEBRIDGE_CONFIG: '/nowhere' };
  return deadLettersCommand([...line, '--org', org], env);
}

async function deadLettersCommand(line: readonly string[], env: object) {
  const program = join(root, 'apps/cli/dist/main.js');
  const child = spawn(process.execPath, [program, 'dead-letters', ...line, '-o', 'json'], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as { counts: Record<string, number>; becomes: Record<string, number>; sent: number };
}

describe('a page that the destination refused', () => {
  it('is delivered exactly once when its dead letter is replayed after the repair', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    await journey.driver.sandbox(journey.globex).answerPagesWith(400);
    const [alert, over] = await Promise.all([
      acme.alert({ alertKey: 'still-on', message: '@oncall-core-infra' }),
      acme.alert({ alertKey: 'over', message: '@oncall-core-infra' }),
    ]);
    await Promise.all([acme.outcome(alert, 'undeliverable'), acme.outcome(over, 'undeliverable')]);
    await waitFor('both dead letters', () => deadLetters(acme.id).length === 2);
    expect(await acme.pages(journey.globex)).toEqual([]);
    await acme.alert({ alertKey: 'over', transition: 'recovered', message: 'all is well' });
    await journey.driver.watch.waitForEvent(
      PageCommands,
      'the recovery',
      (it) => it.kind === 'resolve' && it.sourceOrg === acme.id,
    );
    await journey.driver.sandbox(journey.globex).recover();

    expect(await replay(acme.id)).toMatchObject({ counts: { replay: 1, recovered: 1 }, sent: 1 });
    const page = await acme.pageIn(journey.globex, alert, 'core-infra');
    expect(page.tags).not.toContain('possible-duplicate:true');
    expect(await replay(acme.id)).toMatchObject({ counts: { replayed: 1, recovered: 1 }, sent: 0 });
    expect(await acme.pages(journey.globex)).toHaveLength(1);
    expect(deadLetters(acme.id)).toHaveLength(2);
  });
});

describe('a person without a login to Kafka', () => {
  it('previews a dead letter and sends it again over HTTP, once, and the audit names this person', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    await journey.driver.sandbox(journey.globex).answerPagesWith(400);
    const alert = await acme.alert({ message: '@oncall-core-infra' });
    await acme.outcome(alert, 'undeliverable');
    await journey.driver.sandbox(journey.globex).recover();

    const key = `${acme.id}/${alert.alertKey}`;
    const preview = () => overHttp(acme.id, 'preview', '--record-key', key, '--reason', 'rejected', '--since', '1h');
    await waitFor('the history', async () => (await preview()).counts.replay === 1);
    expect(await preview()).toMatchObject({ becomes: { page: 1 }, sent: 0 });
    expect(await acme.pages(journey.globex)).toEqual([]);

    expect(await overHttp(acme.id, 'replay', '--record-key', key, '--yes')).toMatchObject({ sent: 1 });
    await acme.pageIn(journey.globex, alert, 'core-infra');
    expect(await overHttp(acme.id, 'replay', '--yes')).toMatchObject({ counts: { replayed: 1 }, sent: 0 });
    expect(await overHttp(acme.id, 'ls')).toMatchObject([
      { topic: PageCommands.card.topic, reason: 'rejected', count: 1 },
    ]);
    const isReplay = (it: AuditRecord) =>
      it.sourceOrg === acme.id && it.kind === 'entry' && it.action === 'dead-letters.replayed';
    const { event } = await journey.driver.watch.waitForEvent(Audit, 'the audit', isReplay);
    expect(event.data).toMatchObject({ service: 'page-history', actor: `${journey.driver.info.access.issuer}#olga` });
    await acme.alert({ ...alert, transition: 'recovered', message: '' });
    await acme.outcome(alert, 'resolved');
  });
});

describe('a page whose backup was paged instead', () => {
  it('joins the backup in the preview of a replay, and pages its own team with --force-new-page', async () => {
    const acme = journey.sourceOrg();
    const first = await acme.connect(journey.globex);
    const backup = await acme.connect(journey.initech, 'Initech');
    await acme.failOver(first, { connectionId: backup, teamHandle: 'network', afterFailures: 2 }, 'core-infra');
    await journey.driver.sandbox(journey.globex).answerPagesWith(400);
    const alert = await acme.alert({ message: '@oncall-core-infra' });
    await acme.pageIn(journey.initech, alert, 'network');
    await waitFor('the dead letter', () => deadLetters(acme.id).length === 1);
    await acme.outcome(alert, 'delivered', 'network');
    await journey.driver.sandbox(journey.globex).recover();

    expect(await replay(acme.id, 'page-commands', '--dry-run')).toMatchObject({ becomes: { joined: 1 }, sent: 0 });
    expect(await replay(acme.id, 'page-commands', '--force-new-page')).toMatchObject({ becomes: { page: 1 }, sent: 1 });
    await acme.pageIn(journey.globex, alert, 'core-infra');
    await acme.alert({ ...alert, transition: 'recovered', message: '' });
    await Promise.all([acme.outcome(alert, 'resolved', 'core-infra'), acme.outcome(alert, 'resolved', 'network')]);
  });
});

describe('an alert that has paged', () => {
  it('pages nobody again when one of its dead letters is replayed', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const record = anAlertRecord({ sourceOrg: acme.id, message: '@oncall-core-infra' });
    const read = Alerts.decode(record);
    if (!read.ok) throw new Error(read.detail);
    // This is the dead letter of a batch that failed after its commands were written.
    const parked = { ...record, topic: deadLetterTopicOf(record.topic), headers: { 'x-dlq-reason': 'handler-failed' } };
    const { info } = journey.driver;
    // No program has the right to write to both topics.
    const publisher = new Publisher(kafkaSettings(info, acme.id, 'admin'));
    await publisher.publish([record, parked]);
    await publisher.close();
    const page = await acme.pageIn(journey.globex, read.event.data, 'core-infra');
    expect(await replay(acme.id, 'alerts')).toMatchObject({ counts: { replay: 1 }, sent: 1 });
    await waitFor('the command again', () => commands(acme.id).length === 2);
    expect(new Set(commands(acme.id).map(({ event }) => event.data.kind === 'page' && event.data.pageId)).size).toBe(1);
    await acme.alert({ alertKey: read.event.data.alertKey, transition: 'recovered', message: 'all is well' });
    await acme.outcome(read.event.data, 'resolved');
    expect((await acme.pages(journey.globex)).map(({ id, status }) => [id, status])).toEqual([[page.id, 'resolved']]);
  });
});

const commands = (org: string) =>
  journey.driver.watch.eventsOf(PageCommands, (it) => it.sourceOrg === org && it.kind === 'page');

const deadLetters = (org: string) =>
  journey.driver.watch.recordsOf(deadTopic).filter(({ key }) => String(key).startsWith(`${org}/`));
