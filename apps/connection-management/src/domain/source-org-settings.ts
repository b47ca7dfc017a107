import type { AlertTopicUse } from '@pagebridge/vocabulary';

/** The settings of a source org for its handles and alerts; team handles are without `@oncall-`. */
export interface SourceOrgSettings {
  readonly sourceOrg: string;
  readonly localHandles: readonly string[];
  readonly fallbackHandle: string | undefined;
  readonly alertTopic: AlertTopicUse;
  /** Undefined if the topic was never changed. */
  readonly alertTopicSince: Date | undefined;
  /** Grows with each change; 0 if nothing was ever set. */
  readonly version: number;
  readonly updatedAt: Date | undefined;
}

export const withoutSettings = (sourceOrg: string): SourceOrgSettings => ({
  sourceOrg,
  localHandles: [],
  fallbackHandle: undefined,
  alertTopic: 'shared',
  alertTopicSince: undefined,
  version: 0,
  updatedAt: undefined,
});

/** The requested settings. Without `alertTopic`, the topic of the alerts stays. */
export type SettingsInput = Pick<SourceOrgSettings, 'localHandles' | 'fallbackHandle'> & {
  readonly alertTopic?: AlertTopicUse | undefined;
};

/** Returns the settings after a change; the same object if nothing stored differs. */
export function updated(before: SourceOrgSettings, input: SettingsInput, now: Date): SourceOrgSettings {
  const { localHandles, fallbackHandle, alertTopic = before.alertTopic } = input;
  const is = (of: SettingsInput) => JSON.stringify([of.localHandles, of.fallbackHandle, of.alertTopic]);
  const isOtherTopic = alertTopic !== before.alertTopic;
  if (is({ ...input, alertTopic }) === is(before) && before.version > 0) return before;
  const alertTopicSince = isOtherTopic ? now : before.alertTopicSince;
  const change = { localHandles, fallbackHandle, alertTopic, alertTopicSince, updatedAt: now };
  return { ...before, ...change, version: before.version + 1 };
}
