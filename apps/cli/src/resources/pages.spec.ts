import { afterAll, expect, it } from '@jest/globals';
import { FakeService } from '../http/fake-service.fixtures.ts';

const page = { at: '2026-11-30T02:58:10Z', state: 'delivered', takenAt: '2026-11-30T03:01:10Z', closedThereAt: null };
const closed = { ...page, state: 'resolved', takenAt: null, closedThereAt: '2026-11-30T03:07:10Z' };
const history = new FakeService(() => ({ body: { items: [page, closed], next: null } }));
afterAll(() => history.close());

it('pages are listed with when they were taken and closed there, and those that nobody has taken are asked for', async () => {
  const { status, stdout } = await history.run('pages', 'ls', '--untaken-since', '15m');
  expect(status).toBe(0);
  expect(stdout).toContain(`\t${page.takenAt}\t\n`);
  expect(stdout).toContain(`\t\t${closed.closedThereAt}\n`);
  const since = /untakenSince=([^&]+)/.exec(history.asked[0]?.line ?? '')?.[1] ?? '';
  const age = Date.now() - Date.parse(decodeURIComponent(since));
  expect(age).toBeGreaterThanOrEqual(15 * 60_000);
  expect(age).toBeLessThan(16 * 60_000);
});
