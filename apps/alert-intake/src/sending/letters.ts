import { Injectable } from '@nestjs/common';
import type { Integration } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { systemClock } from '@pagebridge/service';
import { FairTurns } from '../turns/fair-turns.ts';
import { refusedRecord } from './event-of.ts';
import type { Refused } from './read.ts';

const onceInMs = 60 * 60 * 1000;
/** Beyond it the oldest are kept again sooner. */
const maxRemembered = 10_000;

/** Keeps alerts that could not be read in their topic: the same one once an hour, since its sender repeats it. */
@Injectable()
export class Letters {
  /** When a letter was written last, by its id, the oldest first. */
  private readonly writtenAt = new Map<string, number>();

  constructor(
    private readonly publisher: Publisher,
    private readonly fair: FairTurns,
  ) {}

  async keep(refused: readonly Refused[], integration: Integration, signal: AbortSignal): Promise<void> {
    const now = systemClock.elapsedMs();
    const letters: ReturnType<typeof refusedRecord>[] = [];
    await this.fair.each(integration, signal, refused, (each) => {
      const letter = refusedRecord(each, integration);
      if (now - (this.writtenAt.get(letter.id) ?? Number.NEGATIVE_INFINITY) >= onceInMs) letters.push(letter);
    });
    const records = letters.map(({ record }) => record);
    await this.publisher.publish(records, { signal });
    for (const { id } of letters) {
      this.writtenAt.delete(id);
      this.writtenAt.set(id, now);
      const [oldest] = this.writtenAt.size > maxRemembered ? this.writtenAt.keys() : [];
      if (oldest !== undefined) this.writtenAt.delete(oldest);
    }
  }
}
