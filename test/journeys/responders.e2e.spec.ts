import { describe, expect, it } from '@jest/globals';
import { ConnectionReports } from '@pagebridge/contracts';
import { Tokens } from '@pagebridge/local-stack';
import { type WaitOptions, waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';

const journey = new Journey({ env: { 'page-delivery': { ACK_POLL_SECONDS: '5' } } });
const sandbox = () => journey.driver.sandbox(journey.globex);
const list = { method: 'GET', path: '/api/v2/on-call/pages' };

async function paged(alertKey: string) {
  const acme = journey.sourceOrg();
  await acme.connect(journey.globex);
  const alert = await acme.alert({ alertKey, message: 'It fails. @oncall-core-infra' });
  return { acme, alert, page: await acme.pageIn(journey.globex, alert, 'core-infra') };
}

/** Opens the event stream of an org; the function resolves once this text is in it, and rejects 10 s after the opening. */
async function eventsOf(history: string) {
  const { access } = journey.driver.info;
  const headers = { authorization: `Bearer ${await new Tokens(access).of('olga')}` };
  const { body } = await fetch(`${history}/events`, { headers, signal: AbortSignal.timeout(10_000) });
  return async (text: string) => {
    let told = '';
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      told += part;
      if (told.includes(text)) return;
    }
    throw new Error(`The stream ended after ${told}`);
  };
}

/** Returns the answer of a trace once it says what is asked for. */
const traced = (acme: SourceOrg, alertKey: string, asked: RegExp, options?: WaitOptions) => {
  const answer = async () => {
    const url = `${journey.driver.info.services.pageHistory}/v1/source-orgs/${acme.id}/trace?alertKey=${alertKey}`;
    const { body } = await journey.driver.call<{ answer?: { sentence: string } }>('GET', url);
    const sentence = body.answer?.sentence ?? '';
    return asked.test(sentence) ? sentence : undefined;
  };
  return waitFor(`a trace that says ${asked}`, answer, options);
};

describe('what responders do in the destination', () => {
  it('comes back: who asks learns within ten seconds that the page was taken, once', async () => {
    const { acme, alert, page } = await paged('taken');
    const history = `${journey.driver.info.services.pageHistory}/v1/source-orgs/${acme.id}`;
    const told = await eventsOf(history);
    const { acknowledgedAt } = (await sandbox().respond(page.id, 'acknowledge')) as { acknowledgedAt?: string };
    await Promise.all([
      told('"alertKey":"taken","outcome":"acknowledged"'),
      traced(acme, 'taken', /acknowledged by a responder/, { withinMs: 10_000 }),
    ]);
    const { body } = await journey.driver.call<{ items: object[] }>('GET', `${history}/pages`);
    expect(body.items).toMatchObject([{ state: 'delivered', takenAt: acknowledgedAt }]);
    const { event } = await acme.outcome(alert, 'acknowledged');
    expect(event.data.at).toBe(acknowledgedAt);
    expect(JSON.stringify(event.data)).not.toMatch(/user|responder/i);
    await acme.alert({ alertKey: 'taken', transition: 'recovered', message: '' });
    await acme.outcome(alert, 'resolved');
    expect(acme.outcomesOf(alert, 'acknowledged')).toHaveLength(1);
  });

  it('counts: a page that was closed there while its alert fires is followed by another, and its recovery calls nobody', async () => {
    const { acme, alert, page } = await paged('closed');
    await sandbox().respond(page.id, 'resolve');
    const { event } = await acme.outcome(alert, 'resolved');
    expect(event.data).toMatchObject({ reason: 'closed-there', attempts: 0 });
    await traced(acme, 'closed', /closed by a responder/);
    await acme.alert({ alertKey: 'closed', transition: 'retriggered', message: 'It fails. @oncall-core-infra' });
    const second = await waitFor('a second page', async () =>
      (await acme.pages(journey.globex)).find(({ id, status }) => id !== page.id && status === 'triggered'),
    );
    await sandbox().respond(second.id, 'resolve');
    await waitFor('both ends', () => Promise.resolve(acme.outcomesOf(alert, 'resolved').length === 2));
    const resolves = async () =>
      (await sandbox().requests()).filter(({ path }) =>
        [page.id, second.id].some((id) => path.includes(`${id}/resolve`)),
      );
    await acme.alert({ alertKey: 'closed', transition: 'recovered', message: '' });
    const next = await acme.alert({ alertKey: 'other', message: 'It fails. @oncall-core-infra' });
    await acme.outcome(next, 'delivered');
    expect(await resolves()).toEqual([]);
  });

  it('may not be readable: pages go out and are resolved as ever, and it is reported once', async () => {
    const acme = journey.sourceOrg();
    const connectionId = await acme.connect(journey.globex);
    const reportsOf = (kind: 'pages-unreadable' | 'pages-readable' | 'credential-fault') =>
      journey.driver.watch.eventsOf(ConnectionReports, (it) => it.connectionId === connectionId && it.kind === kind);
    await sandbox().switchOn({ match: list, fault: { kind: 'error', status: 403, body: 'string-array' } });
    try {
      const alert = await acme.alert({ alertKey: 'unread', message: 'It fails. @oncall-core-infra' });
      await acme.outcome(alert, 'delivered');
      await waitFor('a report', () => Promise.resolve(reportsOf('pages-unreadable').length > 0));
      await acme.alert({ alertKey: 'unread', transition: 'recovered', message: '' });
      await acme.outcome(alert, 'resolved');
      expect(reportsOf('pages-unreadable')).toHaveLength(1);
      expect(reportsOf('pages-unreadable')[0]?.event.data).toMatchObject({
        detail: expect.stringMatching(/403.*on_call_read/s),
      });
      expect(reportsOf('credential-fault')).toEqual([]);
    } finally {
      await sandbox().recover();
    }
  });
});
