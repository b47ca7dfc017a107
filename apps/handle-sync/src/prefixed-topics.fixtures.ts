import { type KafkaSettings, TableView, type TableViewOptions } from '@pagebridge/kafka';
import { KafkaStartup } from '@pagebridge/service';

/* Parts of the service that use topics with a prefix. */

export class PrefixedStartup extends KafkaStartup {
  constructor(
    private readonly prefix: string,
    ...its: ConstructorParameters<typeof KafkaStartup>
  ) {
    super(...its);
  }

  override connect(...[topics, publisher]: Parameters<KafkaStartup['connect']>): void {
    super.connect(
      topics.map(({ topic, ...its }) => ({ ...its, topic: this.prefix + topic })),
      publisher,
    );
  }
}

export class PrefixedView extends TableView {
  constructor(
    private readonly prefix: string,
    settings: KafkaSettings,
    { topics, onRecord }: TableViewOptions,
  ) {
    super(settings, { topics: topics.map((topic) => prefix + topic), onRecord });
  }

  override catchUp(...[partitions, signal]: Parameters<TableView['catchUp']>): Promise<void> {
    const prefixed = partitions.map(({ topic, partition }) => ({ topic: this.prefix + topic, partition }));
    return super.catchUp(prefixed, signal);
  }
}
