import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { deadLetterTopicOf, PageCommands } from '@pagebridge/contracts';
import { root } from '@pagebridge/local-stack/base';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { patience } from '../harness/source-org.ts';

const journey = new Journey();
const deadTopic = deadLetterTopicOf(PageCommands.card.topic);

afterEach(() => journey.driver.sandbox(journey.globex).recover());

/** What an operator types, with its JSON answer. */
async function replay(org: string) {
  const program = join(root, 'apps/dead-letters/dist/main.js');
  const line = ['replay', '--topic', 'page-commands', '--key', `${org}/*`, '--yes', '--json'];
  const { brokers } = journey.driver.info;
  const child = spawn(process.execPath, [program, ...line, '--brokers', brokers], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as { counts: Record<string, number>; sent: number };
}

describe('a page that the destination refused', () => {
  it('arrives exactly once when its dead letter is replayed after the cure', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    await journey.driver.sandbox(journey.globex).answerPagesWith(400);
    const [alert, over] = await Promise.all([
      acme.alert({ alertKey: 'still-on', message: '@oncall-core-infra' }),
      acme.alert({ alertKey: 'over', message: '@oncall-core-infra' }),
    ]);
    await Promise.all([acme.outcome(alert, 'undeliverable'), acme.outcome(over, 'undeliverable')]);
    await waitFor('both dead letters', () => deadLetters(acme.id).length === 2, patience);
    expect(await acme.pages(journey.globex)).toEqual([]);
    await acme.alert({ alertKey: 'over', transition: 'recovered', message: 'all is well' });
    await journey.driver.watch.waitForEvent(
      PageCommands,
      'the recovery',
      (it) => it.kind === 'resolve' && it.sourceOrg === acme.id,
      patience,
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

const deadLetters = (org: string) =>
  journey.driver.watch.recordsOf(deadTopic).filter(({ key }) => String(key).startsWith(`${org}/`));
