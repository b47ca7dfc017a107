import { refuseStrangers } from './access.ts';
import { pageFromAlertmanager } from './alertmanager.ts';
import { addConnections, refuseBadCredentials } from './connections.ts';
import { killInTheMiddle } from './kill.ts';
import { deliverAfterOutage, pageAcrossOrgs, pageTwoDestinations, resolveOnRecovery } from './pages.ts';
import { pageAgainAfterClose } from './responders.ts';
import type { Stage } from './stage.ts';
import { askWhatBecameOfIt } from './trace.ts';
import { recordUnknownHandle, refuseManualPage } from './unrouted.ts';

const steps: readonly ((stage: Stage) => Promise<void>)[] = [
  addConnections,
  pageAcrossOrgs,
  pageTwoDestinations,
  resolveOnRecovery,
  pageFromAlertmanager,
  pageAgainAfterClose,
  refuseManualPage,
  recordUnknownHandle,
  refuseBadCredentials,
  refuseStrangers,
  deliverAfterOutage,
  killInTheMiddle,
  askWhatBecameOfIt,
];

/** What makes the story short: the shortest session that a broker allows, after which it notices a killed service, and quick polls. */
export const storyEnv = { 'page-delivery': { SESSION_TIMEOUT_MS: '6000', ACK_POLL_SECONDS: '1' } };

/** Plays the story; returns whether every expectation held. The first failure ends it with the last observed value. */
export async function playStory(stage: Stage): Promise<boolean> {
  try {
    for (const step of steps) await step(stage);
  } catch (error) {
    stage.timeline.failed((error as Error).message);
    return false;
  }
  stage.timeline.summary();
  return true;
}
