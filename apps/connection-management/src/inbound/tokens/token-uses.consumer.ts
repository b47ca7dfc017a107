import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import { AccessTokenUses } from '@pagebridge/contracts';
import type { BatchResult, RecordBatch } from '@pagebridge/kafka';
import { LOG } from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { NoteTokenUses } from '../../application/tokens/note-token-uses.use-case.ts';
import { handleEvents } from '../handle-events.ts';

/** Stores when API tokens were used. Parks unreadable records, and retries while the database is away. */
@ApiExcludeController()
@Controller()
export class TokenUsesConsumer {
  constructor(
    private readonly noteTokenUses: NoteTokenUses,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @EventPattern<Record<string, RecordBatch>>(AccessTokenUses.card.topic)
  handle(@Payload() batch: RecordBatch): Promise<BatchResult> {
    return handleEvents(AccessTokenUses, batch, (uses) => this.noteTokenUses.run(uses), this.log);
  }
}
