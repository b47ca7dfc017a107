import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PolicyFile } from '@pagebridge/access';

// A change takes effect after two equal reads.
const everyMs = 1000;

/** Polls the policy file while the service runs. */
@Injectable()
export class PolicyWatch implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly file: PolicyFile) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.file.poll(), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
