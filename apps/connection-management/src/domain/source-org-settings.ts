import type { AlertTopicUse } from '@pagebridge/vocabulary';

/** What a source org has settled about its handles and its alerts; team handles without `@oncall-`. */
export interface SourceOrgSettings {
  readonly sourceOrg: string;
  readonly localHandles: readonly string[];
  readonly fallbackHandle: string | undefined;
  readonly alertTopic: AlertTopicUse;
  /** Undefined while it was never changed. */
  readonly alertTopicSince: Date | undefined;
  /** Grows with each change; 0 while nothing was settled. */
  readonly version: number;
  readonly updatedAt: Date | undefined;
}

export const unsettled = (sourceOrg: string): SourceOrgSettings => ({
  sourceOrg,
  localHandles: [],
  fallbackHandle: undefined,
  alertTopic: 'shared',
  alertTopicSince: undefined,
  version: 0,
  updatedAt: undefined,
});

/** What is to be settled; the topic of the alerts stays where nothing is said. */
export type SettingsWish = Pick<SourceOrgSettings, 'localHandles' | 'fallbackHandle'> & {
  readonly alertTopic?: AlertTopicUse | undefined;
};

/** The settings after a change; the very same object when nothing differs. */
export function settled(before: SourceOrgSettings, wish: SettingsWish, now: Date): SourceOrgSettings {
  const { localHandles, fallbackHandle, alertTopic = before.alertTopic } = wish;
  const is = (of: SettingsWish) => JSON.stringify([of.localHandles, of.fallbackHandle, of.alertTopic]);
  const isOtherTopic = alertTopic !== before.alertTopic;
  if (is({ ...wish, alertTopic }) === is(before) && before.version > 0) return before;
  const alertTopicSince = isOtherTopic ? now : before.alertTopicSince;
  const change = { localHandles, fallbackHandle, alertTopic, alertTopicSince, updatedAt: now };
  return { ...before, ...change, version: before.version + 1 };
}
