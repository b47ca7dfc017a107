import { setTimeout as delay } from 'node:timers/promises';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Problem, type ProblemKind } from '@pagebridge/service';
import type { Request, Response } from 'express';
import { problems } from '../problems.ts';

const waitMs = 1000;
const lookEveryMs = 50;
const silentMs = 30_000;

/** Bounds the answers that an org has at once, so that it leaves room for the others. */
export class Slots {
  /** The org of each answer. */
  private readonly taken: string[] = [];

  constructor(
    private readonly ofOrg: number,
    private readonly ofAll: number,
    private readonly kind: ProblemKind,
  ) {}

  get size(): number {
    return this.taken.length;
  }

  /** Holds a slot until the answer is sent, or its reader has gone or reads no more. Rejects with a 429 problem. */
  async hold(org: string, response: Response): Promise<void> {
    // Most are free in milliseconds: several people see the same event, and ask at once.
    for (let waited = 0; this.isFull(org); waited += lookEveryMs) {
      const detail = `This instance has reached its limit of concurrent requests for ${org}. Retry when one of them has ended.`;
      if (waited >= waitMs) throw new Problem({ ...this.kind, detail }, { retriable: true, retryAfterMs: 5000 });
      await delay(lookEveryMs);
    }
    if (response.closed) return;
    this.taken.push(org);
    response.setTimeout(silentMs);
    response.once('close', () => this.taken.splice(this.taken.indexOf(org), 1));
  }

  private isFull(org: string): boolean {
    return this.size >= this.ofAll || this.taken.filter((other) => other === org).length >= this.ofOrg;
  }
}

/** Lets few searches and traces in: an answer may have 20 MiB until it is sent, and a search keeps a connection for seconds. */
@Injectable()
export class Questions extends Slots implements CanActivate {
  constructor() {
    super(2, 16, problems['too-many-questions']);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { params, query } = context.switchToHttp().getRequest<Request<{ readonly org: string }>>();
    const isQuestion = [query.q, query.alertKey, query.page].some((text) => text !== undefined);
    if (isQuestion) await this.hold(params.org, context.switchToHttp().getResponse<Response>());
    return true;
  }
}
