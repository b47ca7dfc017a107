import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Handles, handleKey, nextTraceparent } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import type { HandlePublisher, HandleWrite } from '../application/ports.ts';
import { source } from './source.ts';

/** Writes handles to `paging.handles.v1`. */
@Injectable()
export class KafkaHandlePublisher implements HandlePublisher {
  constructor(private readonly publisher: Publisher) {}

  async publish(writes: readonly HandleWrite[], traceparent?: string): Promise<void> {
    const hop = nextTraceparent(traceparent);
    await this.publisher.publish(
      writes.map(({ connectionId, teamId, handle }) => {
        const key = handleKey(connectionId, teamId);
        if (!handle) return Handles.tombstone(key);
        return Handles.encode(key, { id: randomUUID(), source, time: handle.changedAt, traceparent: hop }, handle);
      }),
    );
  }
}
