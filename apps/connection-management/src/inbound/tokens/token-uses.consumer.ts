import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import { type AccessTokenUse, AccessTokenUses } from '@pagebridge/contracts';
import type { BatchResult, Parked, RecordBatch } from '@pagebridge/kafka';
import { StoreUnavailable } from '../../application/ports.ts';
import { NoteTokenUses } from '../../application/tokens/note-token-uses.use-case.ts';

const retryAfterMs = 1000;

/** Reads when API tokens were used; parks what nobody can read, and waits for a database that is away. */
@ApiExcludeController()
@Controller()
export class TokenUsesConsumer {
  constructor(private readonly noteTokenUses: NoteTokenUses) {}

  @EventPattern<Record<string, RecordBatch>>(AccessTokenUses.card.topic)
  async handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    const uses: AccessTokenUse[] = [];
    const parked: Parked[] = [];
    for (const record of batch.records) {
      const decoded = AccessTokenUses.decode(record);
      if (decoded.ok) uses.push(decoded.event.data);
      else parked.push({ offset: record.offset, reason: decoded.reason, detail: decoded.detail });
    }
    try {
      await this.noteTokenUses.run(uses);
      return { parked };
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      const fromOffset = batch.records[0]?.offset ?? 0;
      return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
    }
  }
}
