import { refuseStrangers } from './access.ts';
import { pageFromAlertmanager } from './alertmanager.ts';
import { addConnections, refuseBadCredentials } from './connections.ts';
import { killInTheMiddle } from './kill.ts';
import { deliverAfterOutage, pageAcrossOrgs, pageTwoDestinations, resolveOnRecovery } from './pages.ts';
import type { Stage } from './stage.ts';
import { askWhatBecameOfIt } from './trace.ts';
import { recordUnknownHandle, refuseManualPage } from './unrouted.ts';

const steps: readonly ((stage: Stage) => Promise<void>)[] = [
  addConnections,
  pageAcrossOrgs,
  pageTwoDestinations,
  resolveOnRecovery,
  pageFromAlertmanager,
  refuseManualPage,
  recordUnknownHandle,
  refuseBadCredentials,
  refuseStrangers,
  deliverAfterOutage,
  killInTheMiddle,
  askWhatBecameOfIt,
];

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
