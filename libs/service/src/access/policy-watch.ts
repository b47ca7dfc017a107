import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { PolicyFile } from '@pagebridge/access';

// It takes two looks to see a change.
const everyMs = 1000;

/** Looks at the policy again and again for as long as the service runs. */
@Injectable()
export class PolicyWatch implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly file: PolicyFile) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.file.look(), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
