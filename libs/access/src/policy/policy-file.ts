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
  private inForce: Policy | undefined;
  private seen: string;
  private dealtWith: string;

  /** Reads it; throws PolicyError where it is bad or cannot be read, unless that `mayBeBad`: then none is in force. */
  constructor(
    private readonly path: string,
    private readonly notices: PolicyNotices,
    mayBeBad = false,
  ) {
    const read = readNow(path);
    this.seen = String(read);
    this.dealtWith = this.seen;
    try {
      this.inForce = policyIn(read);
    } catch (error) {
      if (!mayBeBad || !(error instanceof PolicyError)) throw error;
      this.notices.refused(error.message);
    }
  }

  /** Undefined until there was a good one. */
  get policy(): Policy | undefined {
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
      const policy = policyIn(read);
      this.inForce = policy;
      this.notices.loaded(policy);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.notices.refused(error.message);
    }
  }
}

function readNow(path: string): string | PolicyError {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return unreadable(error);
  }
}

function policyIn(read: string | PolicyError): Policy {
  if (read instanceof PolicyError) throw read;
  return parsePolicy(read);
}

const unreadable = (error: unknown): PolicyError =>
  new PolicyError(`it cannot be read (${(error as NodeJS.ErrnoException).code})`);
