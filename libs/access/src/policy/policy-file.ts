import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PolicyError, parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';

/** Who is told what became of a file that changed. */
export interface PolicyNotices {
  loaded(policy: Policy): void;
  refused(detail: string): void;
}

/**
 * The policy that is in force: that of a file, which is looked at again and again.
 *
 * What it reads is compared, not times of change: a ConfigMap changes by the swap of a link. A policy that is bad, or a
 * file that is gone, changes nothing but is told.
 */
export class PolicyFile {
  private inForce: Policy;
  private seen: string;
  private dealtWith: string;

  /** Reads it; throws PolicyError where it is bad or cannot be read. */
  constructor(
    private readonly path: string,
    private readonly notices: PolicyNotices,
  ) {
    try {
      this.seen = readFileSync(path, 'utf8');
    } catch (error) {
      throw unreadable(error);
    }
    this.dealtWith = this.seen;
    this.inForce = parsePolicy(this.seen);
  }

  get policy(): Policy {
    return this.inForce;
  }

  /** Takes what the file holds once it is the same at two looks: half a policy may be a good one with fewer rules. */
  async look(): Promise<void> {
    const read = await readFile(this.path, 'utf8').catch(unreadable);
    const now = String(read);
    const settled = now === this.seen;
    this.seen = now;
    if (!settled || now === this.dealtWith) return;
    this.dealtWith = now;
    try {
      if (read instanceof PolicyError) throw read;
      this.inForce = parsePolicy(read);
      this.notices.loaded(this.inForce);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.notices.refused(error.message);
    }
  }
}

const unreadable = (error: unknown): PolicyError =>
  new PolicyError(`it cannot be read (${(error as NodeJS.ErrnoException).code})`);
