import type { Origin, Priority, Transition } from '@pagebridge/vocabulary';

/** What a person asks Explain for, at first. */
export const usual = {
  message: '',
  transition: 'triggered' as Transition,
  priority: '' as Priority | '',
  title: 'Explain',
  alertKey: 'explain',
  origin: 'monitor' as Origin,
};
export type Draft = Readonly<typeof usual>;

/** Returns the alert that a draft describes, as page-routing takes it. An empty title or key is the usual one. */
export const alertOf = (sourceOrg: string, { priority, ...draft }: Draft, now: Date) => ({
  sourceOrg,
  ...draft,
  title: draft.title || usual.title,
  alertKey: draft.alertKey || usual.alertKey,
  ...(priority === '' ? {} : { priority }),
  occurredAt: now.toISOString(),
});

/** Returns the line for a POSIX shell that asks page-routing the same. */
export function curlOf(sourceOrg: string, draft: Draft, now: Date): string {
  const body = JSON.stringify(alertOf(sourceOrg, draft, now)).replaceAll("'", "'\\''");
  const headers = `-H "authorization: Bearer $TOKEN" -H 'content-type: application/json'`;
  return `curl -sS "$PAGE_ROUTING_URL/v1/explain" ${headers} -d '${body}'`;
}
