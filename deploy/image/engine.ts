import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';

/** What builds images; docker and podman run them too. */
export const engineNames = ['docker', 'podman', 'buildah'] as const;
type EngineName = (typeof engineNames)[number];

export interface Build {
  readonly containerfile: string;
  readonly context: string;
  readonly tag: string;
  readonly args: Readonly<Record<string, string>>;
}

/** A program that builds images, with the variables that it needs to work here. */
export class Engine {
  readonly name: EngineName;
  /** What it needs in its environment to work here. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(name: EngineName, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.env = env;
  }

  /** The first of these that works here. Throws an Error that says of each why it does not. */
  static async thatWorks(names: readonly EngineName[] = engineNames): Promise<Engine> {
    const reasons: string[] = [];
    for (const name of names) {
      // Where the kernel refuses overlay file systems, plain copies do.
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
    throw new Error(`no ${names.join(' or ')} works here:\n  - ${[...new Set(reasons)].join('\n  - ')}`);
  }

  /** What it prints on stdout. Throws with what it says on stderr where it ends badly or takes longer. */
  async run(args: readonly string[], withinMs = 600_000, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const child = spawn(this.name, args, {
      env: { ...process.env, ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not `timeout`: of a program that is not there its timer keeps this process for all of the time.
      signal: AbortSignal.timeout(withinMs),
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (bytes) => out.push(bytes));
    child.stderr.on('data', (bytes) => err.push(bytes));
    const [code, signal] = await once(child, 'close');
    if (code === 0) return Buffer.concat(out).toString();
    const said = Buffer.concat(err).toString().trim() || `ended with ${signal ?? code}`;
    throw new Error(`${this.name} ${args[0]}: ${said}`);
  }

  /** The same content is the same image: all files and the image itself are of 1970. */
  async build({ containerfile, context, tag, args }: Build): Promise<void> {
    const timestamp = this.name === 'docker' ? [] : ['--timestamp', '0', '--layers'];
    const buildArgs = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const line = ['build', ...timestamp, ...buildArgs, '--file', containerfile, '--tag', tag, context];
    await this.run(line, undefined, { SOURCE_DATE_EPOCH: '0' });
  }

  /** Fetches an image that is not here yet. */
  async pull(image: string): Promise<void> {
    const look = this.name === 'buildah' ? ['inspect', '--type', 'image'] : ['image', 'inspect'];
    const isHere = await this.run([...look, image]).then(
      () => true,
      () => false,
    );
    if (!isHere) await this.run(['pull', '--quiet', image], 300_000);
  }

  /** Writes an image as an archive: an OCI one, but of docker its own, which has the same index. */
  async save(tag: string, file: string): Promise<void> {
    rmSync(file, { force: true });
    if (this.name === 'buildah') await this.run(['push', '--quiet', tag, `oci-archive:${file}:${tag}`]);
    else if (this.name === 'podman')
      await this.run(['save', '--quiet', '--format', 'oci-archive', '--output', file, tag]);
    else await this.run(['save', '--output', file, tag]);
  }
}
