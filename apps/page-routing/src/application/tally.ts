import type { Unreadable, UnroutedReason } from '@pagebridge/contracts';
import { type Decision, type Failover, type Refused, unknownNameOf, type Verdict } from '@pagebridge/routing';
import type { AlertResult, RoutingMeter } from './ports.ts';

/** Counts verdicts for one report to the meter, because incrementing a labelled counter costs more than most decisions. */
export class Tally {
  readonly #results = new Counts<AlertResult>();
  readonly #kinds = new Counts<Decision['kind']>();
  readonly #reasons = new Counts<UnroutedReason>();
  readonly #failovers = new Counts<Failover['result']>();
  #fallbacks = 0;

  add(verdict: Verdict | Unreadable): void {
    this.#results.add(resultOf(verdict));
    if (!verdict.ok) return;
    for (const decision of verdict.decisions) {
      this.#kinds.add(decision.kind);
      if (decision.kind === 'page' && decision.failover) this.#failovers.add(decision.failover.result);
      if (decision.kind === 'unrouted') this.#reasons.add(decision.record.reason);
      else if (unknownNameOf(decision) !== undefined) this.#fallbacks += 1;
    }
  }

  report(meter: RoutingMeter): void {
    for (const [result, count] of this.#results) meter.alerts(result, count);
    for (const [kind, count] of this.#kinds) meter.decisions(kind, count);
    for (const [reason, count] of this.#reasons) meter.unrouted(reason, count);
    for (const [result, count] of this.#failovers) meter.failovers(result, count);
    if (this.#fallbacks > 0) meter.fallbacks(this.#fallbacks);
  }
}

class Counts<Name> extends Map<Name, number> {
  add(name: Name): void {
    this.set(name, (this.get(name) ?? 0) + 1);
  }
}

const refusals = [
  'too-many-handles',
  'too-old',
  'foreign-source-org',
  'not-its-topic',
] as const satisfies Refused['reason'][];

function resultOf(verdict: Verdict | Unreadable): AlertResult {
  if (!verdict.ok) return refusals.find((reason) => reason === verdict.reason) ?? 'unreadable';
  const { decisions } = verdict;
  if (decisions.some(({ kind }) => kind === 'page')) return 'paged';
  if (decisions.some(({ kind }) => kind === 'resolve')) return 'resolved';
  return decisions.length > 0 ? 'unrouted' : 'no-handles';
}
