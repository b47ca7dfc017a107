import { type Alert, type Contract, type Event, PageCommands, UnroutedHandles } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Decision } from '../domain/decision.ts';
import { factIdOf } from '../domain/ids.ts';

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

/** What is written for a decision on an alert; nothing for a handle that shares another's page. */
export function outputOf(event: Event<Alert>, decision: Decision): Output | undefined {
  switch (decision.kind) {
    case 'page':
      return output(PageCommands, event, decision.command.pageId, decision.command);
    case 'resolve':
      return output(PageCommands, event, factIdOf(event, 'resolve'), decision.command);
    case 'unrouted':
      return output(UnroutedHandles, event, factIdOf(event, 'unrouted', decision.mention), decision.record);
    case 'same-page':
      return undefined;
  }
}

const output = <Data extends object>(
  contract: Contract<Data>,
  { data: { sourceOrg, alertKey } }: Event<Alert>,
  id: string,
  data: Data,
): Output => ({ topic: contract.card.topic, key: alertIdentity(sourceOrg, alertKey), id, data, contract });
