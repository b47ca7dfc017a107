import type { IntegrationKind } from '@pagebridge/vocabulary';
import type { Integration } from './integration.entity.ts';

export const maxIntegrations = 100;
export const usualRepeatHours = 4;

/** Alerts that always fire, or that only test the way. */
const forNobody: Readonly<Partial<Record<IntegrationKind, readonly string[]>>> = {
  alertmanager: ['Watchdog', 'InfoInhibitor'],
  grafana: ['TestAlert'],
};

type Settings = Pick<Integration, 'defaultHandle' | 'noDefaultFor' | 'severities' | 'repeatHours'>;
/** The requested settings; what is undefined stays as it is. */
export type IntegrationChange = { readonly [Field in keyof Settings]?: Settings[Field] | undefined };
export type IntegrationInput = Pick<Integration, 'name' | 'kind'> & IntegrationChange;

/**
 * Returns a new integration. Its version is the time in seconds: one that is made again under its name is newer than any version of the
 * former, for readers of the topic and for callers that kept an ETag.
 */
export function newIntegration(sourceOrg: string, { name, kind, ...input }: IntegrationInput, now: Date): Integration {
  const { defaultHandle = null, noDefaultFor = forNobody[kind] ?? [], severities = [] } = input;
  const settings = { defaultHandle, noDefaultFor, severities, repeatHours: input.repeatHours ?? usualRepeatHours };
  const version = Math.floor(now.getTime() / 1000);
  return { sourceOrg, name, kind, ...settings, version, createdAt: now, updatedAt: now };
}

/** Returns the integration after a change; the same object if nothing differs. */
export function changed(before: Integration, change: IntegrationChange, now: Date): Integration {
  const { defaultHandle = before.defaultHandle, noDefaultFor = before.noDefaultFor } = change;
  const { severities = before.severities, repeatHours = before.repeatHours } = change;
  const after = { ...before, defaultHandle, noDefaultFor, severities, repeatHours };
  if (textOf(after) === textOf(before)) return before;
  return { ...after, version: before.version + 1, updatedAt: now };
}

// A database may order the members of stored JSON in its own way.
const textOf = ({ defaultHandle, noDefaultFor, severities, repeatHours }: Settings): string =>
  JSON.stringify([defaultHandle, noDefaultFor, severities.map((it) => [it.severity, it.priority]), repeatHours]);

/** Returns the part of an integration that the audit contains. */
export const auditViewOfIntegration = ({ sourceOrg, createdAt, updatedAt, ...view }: Integration) => view;
