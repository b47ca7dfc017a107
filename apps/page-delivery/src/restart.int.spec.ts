import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { creating, pagesOf } from './globex.fixtures.ts';
import type { Instance } from './page-delivery.fixtures.ts';
import { busy, metricOf, Stage, tagged } from './stage.fixtures.ts';

const stage = new Stage();

beforeAll(() => stage.open());
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.openDestination();
  await stage.openOrg();
});
afterEach(() => stage.closeDestination());

const alertsOf = (instance: Instance) => metricOf(instance, 'pagebridge_ledger_alerts');

describe('two instances', () => {
  it('own each alert once: the first gives up what the second takes over', async () => {
    const first = await stage.start();
    const commands = Array.from({ length: 60 }, (_, n) => stage.page({ alertKey: `alert-${n}` }));
    await stage.bus.order(...commands);
    for (const { pageId } of commands) await stage.bus.end(pageId, 'delivered');
    const alone = await alertsOf(first);
    const second = await stage.start();

    await waitFor('the alerts shared out', async () => {
      const [mine, theirs] = [await alertsOf(first), await alertsOf(second)];
      return theirs > 0 && mine > 0 && mine < alone && mine + theirs < 1.5 * alone;
    });
  });
});

describe('a restart', () => {
  it('keeps waiting pages, sends each once and untagged, and resolves pages that were delivered before', async () => {
    const first = await stage.start();
    const delivered = stage.page({ alertKey: 'delivered' });
    await stage.bus.order(delivered);
    await stage.bus.end(delivered.pageId, 'delivered');
    stage.globex.strike(busy, creating);
    const waiting = Array.from({ length: 25 }, (_, n) => stage.page({ alertKey: `alert-${n}` }));
    await stage.bus.order(...waiting);
    await waitFor('calls', () => stage.globex.struck > 0);
    await stage.stop(first);
    stage.globex.org.faults.clear();
    await stage.bus.order(stage.recovery(delivered));
    await stage.start();
    for (const { pageId } of waiting) await stage.bus.end(pageId, 'delivered');
    await stage.bus.end(delivered.pageId, 'resolved');

    for (const { pageId } of waiting) expect(pagesOf(stage.globex, pageId).map(tagged)).toEqual([false]);
    expect(pagesOf(stage.globex, delivered.pageId).map(({ status }) => status)).toEqual(['resolved']);
  });

  it('of one of two instances under load loses no page, and creates none twice without a tag', async () => {
    const first = await stage.start();
    await stage.start();
    const commands = Array.from({ length: 200 }, (_, n) => stage.page({ alertKey: `alert-${n}` }));
    await stage.bus.order(...commands.slice(0, 100));
    await waitFor('some pages', () => stage.pages.length > 10);
    const stopping = stage.stop(first);
    await stage.bus.order(...commands.slice(100));
    await stopping;
    await stage.start();
    for (const { pageId } of commands) await stage.bus.end(pageId, 'delivered');

    for (const { pageId } of commands) {
      expect(pagesOf(stage.globex, pageId).filter((made) => !tagged(made)).length).toBeLessThanOrEqual(1);
    }
  });
});
