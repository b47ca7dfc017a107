import { type Alert, type Contract, type Event, PageCommands, UnroutedHandles } from '@pagebridge/contracts';
import { type Decision, factIdOf } from '@pagebridge/routing';
import { alertIdentity } from '@pagebridge/vocabulary';

/** The event that a decision writes. */
export interface Output {
  readonly topic: string;
  /** The alert identity, so that all records of an alert keep their order. */
  readonly key: string;
  /** The same for the same alert event, so that a reader recognises a repetition. */
  readonly id: string;
  readonly data: object;
  readonly contract: Pick<Contract<object>, 'encode'>;
}

/** Returns the event of a decision; undefined for a handle that shares the page of another. */
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
