import { Injectable } from '@nestjs/common';
import { type Connection, Connections, entryOf } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import type { ConnectionName } from '@pagebridge/trace';

/** Knows the names of the connections; of their records it keeps nothing else, since they hold sealed credentials. */
@Injectable()
export class ConnectionNames {
  private readonly names = new Map<string, ConnectionName>();

  readonly handle = (record: ConsumedRecord): void => {
    const id = String(record.key);
    const entry = entryOf<Connection>(Connections, record, ({ connectionId }) => connectionId);
    // The pages of a deleted connection are still told by its name, as long as this process lives.
    if (entry.kind === 'value') this.names.set(id, { name: entry.value.name, slug: entry.value.slug });
  };

  of(ids: Iterable<string>): Map<string, ConnectionName> {
    return new Map([...ids].flatMap((id) => (this.names.has(id) ? [[id, this.names.get(id) as ConnectionName]] : [])));
  }
}
