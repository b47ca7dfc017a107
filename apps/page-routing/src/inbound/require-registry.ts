import { Problem, type Startup } from '@pagebridge/service';

/** Throws a 503 problem while the tables are not read to their end: an answer from half a registry would mislead. */
export function requireRegistry(startup: Startup): void {
  const { ok, detail } = startup.status();
  if (ok) return;
  throw new Problem({
    status: 503,
    code: 'not-ready',
    title: 'Not ready',
    detail: `The registry is still being read from Kafka (${detail}); ask again in a moment.`,
  });
}
