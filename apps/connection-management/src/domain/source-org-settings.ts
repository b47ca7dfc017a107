/** What a source org has settled about its handles; team handles without `@oncall-`. */
export interface SourceOrgSettings {
  readonly sourceOrg: string;
  readonly localHandles: readonly string[];
  readonly fallbackHandle: string | undefined;
  /** Grows with each change; 0 while nothing was settled. */
  readonly version: number;
  readonly updatedAt: Date | undefined;
}

export const unsettled = (sourceOrg: string): SourceOrgSettings => ({
  sourceOrg,
  localHandles: [],
  fallbackHandle: undefined,
  version: 0,
  updatedAt: undefined,
});

/** The settings after a change; the very same object when nothing differs. */
export function settled(
  before: SourceOrgSettings,
  wish: Pick<SourceOrgSettings, 'localHandles' | 'fallbackHandle'>,
  now: Date,
): SourceOrgSettings {
  const { localHandles, fallbackHandle } = wish;
  const same =
    JSON.stringify([localHandles, fallbackHandle]) === JSON.stringify([before.localHandles, before.fallbackHandle]);
  if (same && before.version > 0) return before;
  return { ...before, localHandles, fallbackHandle, version: before.version + 1, updatedAt: now };
}
