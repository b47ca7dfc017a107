import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeService } from '../http/fake-service.fixtures.ts';

const id = '00000000-0000-4000-8000-00000000000a';
const sent = { id: 'test-7', alertKey: 'pagebridge-test/test-7', sentAt: '2026-01-31T12:00:00.000Z' };
const handle = '@oncall-globex-eu/core-infra';

let service: FakeService;
afterEach(() => service.close());

/** An installation whose page-history gives these answers about an alert, of which the last one stays. */
function installation(...kinds: readonly string[]): FakeService {
  const left = [...kinds];
  service = new FakeService(({ line }) => {
    if (line.startsWith('DELETE')) return { status: 204 };
    if (line.startsWith('POST')) return { status: 201, body: sent };
    if (line.includes('/connections?')) return { body: { items: [{ id, slug: 'globex-eu', name: 'Globex' }] } };
    if (line.includes('/handles?')) {
      const all = ['core-infra-2', 'core-infra'].map((teamHandle) => ({ teamHandle }));
      return {
        body: { items: all.map((one) => ({ ...one, qualifiedHandle: `@oncall-globex-eu/${one.teamHandle}` })) },
      };
    }
    const kind = left.length > 1 ? left.shift() : left[0];
    if (kind === 'away') return { status: 503, body: { title: 'Away' } };
    return { body: { answer: { kind, sentence: `It is ${kind}.` } } };
  });
  return service;
}
const send = (its: FakeService, ...line: string[]) => its.run('test-page', 'send', 'globex-eu', '--team', ...line);
const posted = () => service.asked.filter(({ line }) => line.startsWith('POST'));

describe('test-page send', () => {
  it('pages the team over that connection alone, and follows what becomes of it', async () => {
    const its = installation('unknown', 'waiting', 'paged');
    const { status, stdout, stderr } = await send(its, '@oncall-core-infra', '--yes', '-o', 'json');
    expect(posted()).toEqual([{ line: 'POST /v1/source-orgs/acme-us/test-pages', body: { handle } }]);
    expect({ status, answer: JSON.parse(stdout) }).toEqual({
      status: 0,
      answer: { ...sent, result: 'paged', answer: 'It is paged.' },
    });
    expect(stderr).toMatch(/^Sent by environment \(http:.*pagebridge test-page end test-7\n$/);
  });

  it.each([
    ['nobody is paged', 'not-paged', 1],
    ['nothing is known of it in time', 'waiting', 5],
  ])('tells by its exit code that %s', async (_what, kind, status) => {
    const ended = await send(installation(kind), 'core-infra', '--yes', '--timeout', '1');
    expect(ended).toMatchObject({ status, stdout: expect.stringContaining(`It is ${kind}.`) });
  });

  it('follows it through an outage of page-history, after the page went out', async () => {
    const ended = await send(installation('away', 'paged'), 'core-infra', '--yes');
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining('It is paged.') });
    expect(posted()).toHaveLength(1);
  });

  it('wakes nobody for a time that is no number of seconds', async () => {
    const ended = await send(installation('waiting'), 'core-infra', '--yes', '--timeout', '2s');
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining('--timeout') });
    expect(posted()).toEqual([]);
  });

  it('does not follow it with --no-wait', async () => {
    const { status, stdout } = await send(installation(), 'core-infra', '--yes', '--no-wait', '-o', 'name');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'test-7\n' });
    expect(service.asked.filter(({ line }) => line.includes('/trace'))).toEqual([]);
  });

  it('says that it wakes somebody, and wakes nobody where nobody can be asked', async () => {
    const { status, stderr } = await send(installation(), 'core-infra');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(
        /^error: confirmation required: page @oncall-globex-eu\/core-infra of acme-us in .* wakes the person on call.*\n.*--yes\n$/,
      ),
    });
    expect(posted()).toEqual([]);
  });

  it('of a team that the connection has not wakes nobody, such as the fallback', async () => {
    expect(await send(installation(), 'core', '--yes')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('pagebridge handles ls --connection globex-eu'),
    });
    expect(posted()).toEqual([]);
  });
});

describe('test-page end', () => {
  it('resolves a test page', async () => {
    const { status, stderr } = await installation().run('test-page', 'end', 'test-7');
    expect(service.asked).toEqual([{ line: 'DELETE /v1/source-orgs/acme-us/test-pages/test-7' }]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^Done: test page test-7 of acme-us/),
    });
  });
});
