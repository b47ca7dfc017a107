import { type Alert, type Contract, type Event, PageCommands, UnroutedHandles } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Decision } from '../domain/decision.ts';
import { factIdOf } from '../domain/ids.ts';
import type { Decided } from './ports.ts';

/** An event to be written because of a decision. */
export interface Output {
  readonly topic: string;
  /** The alert identity, so that everything about one alert keeps its order. */
  readonly key: string;
  /** Same event, same id: a reader can tell a repetition. */
  readonly id: string;
  readonly data: object;
  /** Writes it. */
  readonly contract: Pick<Contract<object>, 'encode'>;
}

/** What is written for one alert: one event per decision, none for a handle that shares another's page. */
export function outputsOf({ event, decisions }: Decided): Output[] {
  const key = alertIdentity(event.data.sourceOrg, event.data.alertKey);
  return decisions.map((decision) => outputFor(event, decision, key)).filter((output) => output !== undefined);
}

function outputFor(event: Event<Alert>, decision: Decision, key: string): Output | undefined {
  switch (decision.kind) {
    case 'page':
      return outputOf(PageCommands, key, decision.command.pageId, decision.command);
    case 'resolve':
      return outputOf(PageCommands, key, factIdOf(event, 'resolve'), decision.command);
    case 'unrouted':
      return outputOf(UnroutedHandles, key, factIdOf(event, 'unrouted', decision.mention), decision.record);
    case 'same-page':
      return undefined;
  }
}

const outputOf = <Data extends object>(contract: Contract<Data>, key: string, id: string, data: Data): Output => ({
  topic: contract.card.topic,
  key,
  id,
  data,
  contract,
});
