import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { childEnvironment } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { type Block, missingFrom } from './blocks.ts';

/*
 * Reads blocks, each ended by a NUL, and prints a NUL after each. An error ends it, also one in a pipe, an unset variable,
 * and an HTTP status of 400 or more unless REFUSALS is set.
 */
const loop = `exec 2>&1
set -euo pipefail
curl() { command curl \${REFUSALS---fail-with-body} "$@"; }
while IFS= read -r -d '' block <&3; do eval "$block" < /dev/null; printf '\\0'; done`;

/** A terminal of a reader in a checkout, who stops at the first error. Variables live until it is closed. */
export class Shell {
  readonly #bash: ChildProcess;
  #output = '';
  #end: string | undefined;

  constructor(checkout: string, env: Readonly<Record<string, string>> = {}) {
    this.#bash = spawn('bash', ['-c', loop], {
      cwd: checkout,
      env: childEnvironment(env),
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    this.#bash.stdout?.on('data', (bytes) => {
      this.#output += bytes;
    });
    // A shell that has ended reads nothing more; its end is reported where its output is awaited.
    this.#bash.stdio[3]?.on('error', () => undefined);
    this.#bash.once('exit', (code, signal) => {
      this.#end = signal ?? `exit code ${code}`;
    });
  }

  /**
   * Pastes a block. Resolves to its output, which has what the document shows. Throws if the block fails.
   *
   * With `refused`, an HTTP status of 400 or more is an output like others.
   */
  async paste(block: Block, { refused = false } = {}): Promise<string> {
    if (!block.isPatient) {
      const output = await this.#run(refused ? `REFUSALS=\n${block.text}unset REFUSALS\n` : block.text, block.place);
      const missing = missingFrom(output, block.prints);
      if (missing !== undefined) throw new Error(`${block.place} does not print ${missing}\nbut\n${output}`);
      return output;
    }
    let output = '';
    const complete = async () => {
      output = await this.#run(`(\n${block.text}) || true\n`, block.place);
      return missingFrom(output, block.prints) === undefined;
    };
    await waitFor(`${block.place} to print ${block.prints.join('\n')}`, complete, {
      lastSeen: () => output,
    });
    return output;
  }

  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#bash.kill('SIGKILL');
    await once(this.#bash, 'exit');
  }

  async #run(text: string, place: string): Promise<string> {
    this.#output = '';
    (this.#bash.stdio[3] as Writable).write(`${text}\0`);
    const isOver = () => this.#output.includes('\0') || this.#end !== undefined;
    await waitFor(`${place} to end`, isOver, { lastSeen: () => this.#output });
    const [output = ''] = this.#output.split('\0');
    if (!this.#output.includes('\0')) throw new Error(`${place} ended with ${this.#end}:\n${text}\n${output}`);
    return output;
  }
}
