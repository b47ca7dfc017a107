import { Connections, Handles, SourceOrgs } from '@pagebridge/contracts';
import type { HandleRegistry } from '@pagebridge/handle-registry';
import { partitionFor, type TableView } from '@pagebridge/kafka';
import type { GapOf } from '@pagebridge/routing';

/** Returns a function that finds the partition of the tables, not read lately, that may have what an org needs. */
export function gapsIn(view: Pick<TableView, 'gaps'>, registry: Pick<HandleRegistry, 'directoriesOf'>): GapOf {
  return (sourceOrg) => {
    const mayHave: Readonly<Record<string, (partition: number) => boolean>> = {
      // The key says nothing about the org.
      [Connections.card.topic]: () => true,
      [SourceOrgs.card.topic]: (partition) => partitionFor(sourceOrg, SourceOrgs.card.partitions) === partition,
      [Handles.card.topic]: (partition) =>
        registry.directoriesOf(sourceOrg).some((each) => partitionFor(each, Handles.card.partitions) === partition),
    };
    return view.gaps().find(({ topic, partition }) => mayHave[topic]?.(partition))?.detail;
  };
}
