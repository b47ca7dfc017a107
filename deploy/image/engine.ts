import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';

/** The programs that build images; docker and podman also run them. */
export const engineNames = ['docker', 'podman', 'buildah'] as const;
type EngineName = (typeof engineNames)[number];

export interface Build {
  readonly containerfile: string;
  readonly context: string;
  readonly tag: string;
  readonly args: Readonly<Record<string, string>>;
}

/** A program that builds images, with the environment variables that it needs here. */
export class Engine {
  readonly name: EngineName;
  /** The variables that the engine needs here. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(name: EngineName, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.env = env;
  }

  /** Returns the first engine that works here. Throws an Error with the reason for each. */
  static async thatWorks(names: readonly EngineName[] = engineNames): Promise<Engine> {
    const reasons: string[] = [];
    for (const name of names) {
      // The vfs driver works where the kernel refuses overlay file systems.
      for (const env of name === 'docker' || process.env.STORAGE_DRIVER ? [{}] : [{}, { STORAGE_DRIVER: 'vfs' }]) {
        const engine = new Engine(name, { PODMAN_IGNORE_CGROUPSV1_WARNING: '1', ...env });
        try {
          await engine.run(['info']);
          return engine;
        } catch (error) {
          const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
          reasons.push(isMissing ? `there is no ${name}` : (error as Error).message);
        }
      }
    }
    throw new Error(`no working ${names.join(' or ')} found:\n  - ${[...new Set(reasons)].join('\n  - ')}`);
  }

  /** Runs the engine; returns its stdout. Throws its stderr if it fails or exceeds the time limit. */
  async run(args: readonly string[], withinMs = 600_000, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const child = spawn(this.name, args, {
      env: { ...process.env, ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // The `timeout` option would keep this process alive for the whole time if the program does not exist.
      signal: AbortSignal.timeout(withinMs),
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (bytes) => out.push(bytes));
    child.stderr.on('data', (bytes) => err.push(bytes));
    const [code, signal] = await once(child, 'close');
    if (code === 0) return Buffer.concat(out).toString();
    const reason = Buffer.concat(err).toString().trim() || `ended with ${signal ?? code}`;
    throw new Error(`${this.name} ${args[0]}: ${reason}`);
  }

  /** Builds an image reproducibly: all files and the image itself are dated 1970. */
  async build({ containerfile, context, tag, args }: Build): Promise<void> {
    const timestamp = this.name === 'docker' ? [] : ['--timestamp', '0', '--layers'];
    const buildArgs = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const line = ['build', ...timestamp, ...buildArgs, '--file', containerfile, '--tag', tag, context];
    await this.run(line, undefined, { SOURCE_DATE_EPOCH: '0' });
  }

  /** Pulls an image that is not here yet. */
  async pull(image: string): Promise<void> {
    const inspect = this.name === 'buildah' ? ['inspect', '--type', 'image'] : ['image', 'inspect'];
    const isHere = await this.run([...inspect, image]).then(
      () => true,
      () => false,
    );
    if (!isHere) await this.run(['pull', '--quiet', image], 300_000);
  }

  /** Writes an image to an archive: OCI format, or for docker its own format, which contains the same index. */
  async save(tag: string, file: string): Promise<void> {
    rmSync(file, { force: true });
    if (this.name === 'buildah') await this.run(['push', '--quiet', tag, `oci-archive:${file}:${tag}`]);
    else if (this.name === 'podman')
      await this.run(['save', '--quiet', '--format', 'oci-archive', '--output', file, tag]);
    else await this.run(['save', '--output', file, tag]);
  }
}
