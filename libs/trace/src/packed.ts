import type { Trace } from './trace.ts';
import type { JudgedEvent } from './verdict.ts';

/** A trace as JSON: where `events` name a record of `hops`, they have `{ hop: <its index there> }` in its place. */
export type PackedTrace = Omit<Trace, 'events'> & { readonly events: readonly object[] };

/** Names the records of `events` instead of repeating them: a trace may have megabytes of records. */
export function packed<Any extends Pick<Trace, 'events' | 'hops'>>(
  trace: Any,
): Omit<Any, 'events'> & Pick<PackedTrace, 'events'> {
  const indexes = new Map<object, number>(trace.hops.map((hop, index) => [hop, index]));
  const named = (each: object) => {
    const hop = indexes.get(each);
    return hop === undefined ? undefined : { hop };
  };
  return { ...trace, events: trace.events.map((event) => mapped(event, named) as object) };
}

/** Puts the records of `hops` back into `events`. */
export function unpacked<Any extends Pick<PackedTrace, 'events' | 'hops'>>(
  trace: Any,
): Omit<Any, 'events'> & Pick<Trace, 'events'> {
  const recordOf = (each: object) => ('hop' in each ? trace.hops[Number(each.hop)] : undefined);
  return { ...trace, events: trace.events.map((event) => mapped(event, recordOf) as JudgedEvent) };
}

/** Copies data, with the replacement of each object that has one. */
function mapped(data: unknown, replacementOf: (each: object) => object | undefined): unknown {
  if (typeof data !== 'object' || data === null) return data;
  const replacement = replacementOf(data);
  if (replacement) return replacement;
  if (Array.isArray(data)) return data.map((each) => mapped(each, replacementOf));
  return Object.fromEntries(Object.entries(data).map(([name, each]) => [name, mapped(each, replacementOf)]));
}
