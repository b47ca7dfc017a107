import { chmodSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Engine, type Image, programs } from '@pagebridge/image';
import { localFolder, type Prepare, root } from '@pagebridge/local-stack';

/** The image that `npm run test:image` has built. */
export function builtImage(): Image {
  const { PAGEBRIDGE_IMAGE } = process.env;
  if (!PAGEBRIDGE_IMAGE) throw new Error('which image? npm run test:image builds it and says');
  return JSON.parse(PAGEBRIDGE_IMAGE) as Image;
}

/** Runs programs from the image as a strict cluster does: nothing to write, no capability, no other user. */
export class Containers {
  readonly #engine: Engine;
  readonly #tag: string;
  /** What the engine wants before its command. */
  readonly #before: readonly string[];
  readonly #label = `pagebridge.test=${root}`;

  private constructor(engine: Engine, tag: string, before: readonly string[]) {
    this.#engine = engine;
    this.#tag = tag;
    this.#before = before;
  }

  /** Throws an Error with what the engine says where it cannot start containers here. */
  static async open(tag: string): Promise<Containers> {
    const engine = await Engine.thatWorks(['docker', 'podman']);
    const reasons: string[] = [];
    // crun refuses control groups of both versions at once; runc takes them.
    for (const before of engine.name === 'podman' ? [[], ['--runtime', 'runc']] : [[]]) {
      const containers = new Containers(engine, tag, before);
      try {
        await containers.run(['--help']);
        await containers.removeAll();
        return containers;
      } catch (error) {
        reasons.push((error as Error).message);
      }
    }
    throw new Error(`${engine.name} cannot start containers on this machine:\n  - ${reasons.join('\n  - ')}`);
  }

  /** Runs a program to its end; what it prints. */
  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.#engine.run(this.#line('', env, args), 60_000, env);
  }

  /** Runs JavaScript beside what runs in a container; what it prints. */
  inside(name: string, script: string): Promise<string> {
    const line = ['exec', this.#nameOf(name), '/usr/local/bin/node', '--eval', script];
    return this.#engine.run([...this.#before, ...line], 60_000);
  }

  /** Runs what the image has from the image, and everything else as it is. */
  readonly prepare: Prepare = (spec) => {
    const [script, ...rest] = spec.args;
    const [program] = Object.entries(programs).find(([, { file }]) => join(root, file) === script) ?? [];
    if (program === undefined) return spec;
    const { env = {} } = spec;
    const line = this.#line(spec.name, env, [program, ...rest]);
    return { ...spec, command: this.#engine.name, args: line, env: { ...env, ...this.#engine.env } };
  };

  /** Ends what is left, also of a run that was killed. */
  async removeAll(): Promise<void> {
    const ids = await this.#engine.run([...this.#before, 'ps', '--all', '--quiet', '--filter', `label=${this.#label}`]);
    const left = ids.split('\n').filter((id) => id !== '');
    if (left.length > 0) await this.#engine.run([...this.#before, 'rm', '--force', ...left]);
  }

  #line(name: string, env: Readonly<Record<string, string>>, args: readonly string[]): string[] {
    const strict = ['--read-only', '--cap-drop=all', '--security-opt=no-new-privileges', '--network=host'];
    // By itself podman would let /tmp be written.
    if (this.#engine.name === 'podman') strict.push('--read-only-tmpfs=false');
    const files = Object.values(env).filter((value) => value.startsWith(localFolder + sep));
    // As the files of a Secret: readable for a user who does not own them.
    for (const file of files) chmodSync(file, 0o644);
    const given = [
      ...files.map((file) => `--volume=${file}:${file}:ro`),
      ...Object.keys(env).map((key) => `--env=${key}`),
    ];
    const named = name === '' ? [] : [`--name=${this.#nameOf(name)}`];
    return [
      ...this.#before,
      'run',
      '--rm',
      `--label=${this.#label}`,
      ...named,
      ...strict,
      ...given,
      this.#tag,
      ...args,
    ];
  }

  readonly #nameOf = (name: string): string => `pagebridge-${process.pid}-${name}`;
}
