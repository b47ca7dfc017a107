import { statSync } from 'node:fs';
import { commandLine, Progress, runProgram } from '@pagebridge/local-stack/base';
import { Engine, engineNames } from './engine.ts';
import { buildImage, defaultBase } from './image.ts';

const help = `npm run image [-- options]: build the image of all services and programs, pagebridge:<version>

  --base IMAGE     base image with Node in /usr/local/bin/node (${defaultBase}), or debian: build the base with mmdebstrap
                   from Debian packages; debian is also the fallback if the default base cannot be pulled
  --engine NAME    ${engineNames.join(', ')}; default: the first one that works on this machine
  --help           print this help

The image is stored in the engine, ready to tag and push, and as an archive with its SBOM (CycloneDX) in .local/image. The
paths are printed. The image contains the builds and the production packages, but no npm configuration.
`;
const { values } = commandLine(help, { base: { type: 'string' }, engine: { type: 'string' } });
const candidates = engineNames.filter((name) => values.engine === undefined || name === values.engine);
if (candidates.length === 0) {
  process.stderr.write(`error: --engine must be ${engineNames.join(', ')}, not ${values.engine}\n`);
  process.exit(2);
}

async function run(): Promise<number> {
  const engine = await Engine.thatWorks(candidates);
  const image = await buildImage(engine, new Progress(), values.base);
  const megabytes = (statSync(image.archive).size / 1_000_000).toFixed(1);
  process.stdout.write(`${JSON.stringify({ ...image, megabytes: Number(megabytes) }, null, 2)}\n`);
  return 0;
}

await runProgram({ run, stop: async () => {}, kill: () => {} });
