import { type OutcomeKind, PageOutcomes } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { followPage } from './hops.ts';
import { alertOf, expectThat, patience, type Stage, send } from './stage.ts';

const alertKey = 'monitor-81:service:orders';
const teamHandle = 'core-infra';
const its = { alertKey, message: `Orders fail. @oncall-${teamHandle}`, title: '[Triggered] Orders fail' };

/** Lets a responder take and close a page while its alert fires. The source org learns both, and the next trigger pages again. */
export async function pageAgainAfterClose(stage: Stage): Promise<void> {
  const { driver, timeline, globex } = stage;
  timeline.begin('A responder closes a page: the next trigger of its alert pages again');
  await send(stage, alertOf(its));
  const tell = timeline.hop.bind(timeline);
  const first = await followPage(driver, { alertKey, destination: globex, teamHandle, tell });
  for (const action of ['acknowledge', 'resolve'] as const) {
    const { status } = await driver.sandbox(globex).respond(first.id, action);
    tell({ at: Date.now(), who: globex.org, where: `page ${first.id}`, what: `${status}, by a responder` });
  }
  await learned(stage, first.id, 'acknowledged', 'acknowledged in the destination, read back by page-delivery');
  const reason = await learned(stage, first.id, 'resolved', 'closed in the destination while the alert fires');
  expectThat('the reason closed-there', reason === 'closed-there', reason);
  await send(stage, alertOf({ ...its, transition: 'retriggered' }));
  const second = await waitFor(
    `a second page in ${globex.org}`,
    async () =>
      (await driver.sandbox(globex).pages()).find(
        ({ id, tags }) => id !== first.id && tags.includes(`alert-key:${alertKey}`),
      ),
    patience,
  );
  const what = `${second.status}: page ${first.id} is closed, so the trigger does not join it`;
  tell({ at: Date.parse(second.createdAt), who: globex.org, where: `page ${second.id}`, what });
  timeline.end(`page ${second.id} after ${first.id}`);
}

/** Waits until subscribers learn what a responder did with a page, and prints it. Returns the reason of the outcome. */
async function learned(
  { driver, timeline }: Stage,
  destinationPageId: string,
  outcome: OutcomeKind,
  what: string,
): Promise<string | undefined> {
  const { record, event } = await driver.watch.waitForEvent(
    PageOutcomes,
    `the outcome ${outcome} of page ${destinationPageId}`,
    (it) => it.destinationPageId === destinationPageId && it.outcome === outcome,
    patience,
  );
  timeline.record('page-delivery', record, what);
  return event.data.reason;
}
