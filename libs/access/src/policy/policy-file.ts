import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PolicyError, parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';

/** Callbacks for a changed policy file. */
export interface PolicyNotices {
  loaded(policy: Policy): void;
  refused(detail: string): void;
}

/**
 * The policy in force, as read from a file that is polled.
 *
 * Compares the content of the file, not its modification time, since a ConfigMap changes by the swap of a symbolic link. If the
 * policy becomes invalid or the file disappears, the previous policy stays in force and `refused` is called.
 */
export class PolicyFile {
  private inForce: Policy | undefined;
  private lastRead: string;
  private lastApplied: string;

  /** Reads the file. Throws PolicyError if the policy is invalid or unreadable; with `mayBeInvalid` no policy is in force instead. */
  constructor(
    private readonly path: string,
    private readonly notices: PolicyNotices,
    mayBeInvalid = false,
  ) {
    const read = readNow(path);
    this.lastRead = String(read);
    this.lastApplied = this.lastRead;
    try {
      this.inForce = policyIn(read);
    } catch (error) {
      if (!mayBeInvalid || !(error instanceof PolicyError)) throw error;
      this.notices.refused(error.message);
    }
  }

  /** The policy in force; undefined until the file holds a valid one. */
  get policy(): Policy | undefined {
    return this.inForce;
  }

  /** Applies the content of the file once two polls read the same: half a written policy may be valid but lack rules. */
  async poll(): Promise<void> {
    const read = await readFile(this.path, 'utf8').catch(unreadable);
    const now = String(read);
    const isSettled = now === this.lastRead;
    this.lastRead = now;
    if (!isSettled || now === this.lastApplied) return;
    this.lastApplied = now;
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
  new PolicyError(
    `the file cannot be read (${(error as NodeJS.ErrnoException).code}): ${(error as NodeJS.ErrnoException).path}`,
  );
