import type { IntegrationKind } from '@pagebridge/vocabulary';
import type { Token } from '../tokens/queries.ts';

/** The systems that send alerts, in words. */
export const kindWords: Record<IntegrationKind, string> = {
  alertmanager: 'Prometheus Alertmanager',
  grafana: 'Grafana',
  datadog: 'Datadog',
  pagerduty: 'PagerDuty clients',
  cloudevents: 'CloudEvents',
  alerts: 'Your own programs',
};

const warnMs = 30 * 86_400_000;

/** Returns when the last of an integration's live tokens ends, and what is wrong with that. */
export function endOf(tokens: readonly Pick<Token, 'status' | 'expiresAt'>[], now: number) {
  const live = tokens.filter(({ status, expiresAt }) => status === 'active' && Date.parse(expiresAt) > now);
  const at = newest(live.map(({ expiresAt }) => expiresAt));
  if (at === undefined) return { warning: 'No active token' };
  return Date.parse(at) - now > warnMs ? { at } : { at, warning: 'Expires soon' };
}

/** Returns when any of these tokens was last used; undefined if none ever was. */
export const lastUseOf = (tokens: readonly Pick<Token, 'lastUsedAt'>[]): string | undefined =>
  newest(tokens.flatMap(({ lastUsedAt }) => lastUsedAt ?? []));

/** Returns the latest of what is known of these tokens, such as their last refusal. */
export const latestOf = <T extends { readonly at: string }>(known: readonly (T | null)[]): T | undefined =>
  known.flatMap((its) => its ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];

/** The services write all times in one form, in which the order of texts is that of times. */
const newest = (times: readonly string[]): string | undefined => times.toSorted().at(-1);
