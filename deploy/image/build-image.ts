import { statSync } from 'node:fs';
import { commandLine, Progress, runProgram } from '@pagebridge/local-stack/base';
import { Engine, engineNames } from './engine.ts';
import { buildImage, defaultBase } from './image.ts';

const help = `npm run image [-- options]: builds the image of all services and programs, pagebridge:<version>

  --base IMAGE     the base image, with Node as /usr/local/bin/node (${defaultBase}), or debian: a base that mmdebstrap makes
                   here of Debian packages; also the fallback if the default base cannot be pulled
  --engine NAME    ${engineNames.join(', ')}; default: the first that works here
  --help           prints this text

Leaves the image in the engine, to be tagged and pushed, and as an archive in .local/image with its SBOM (CycloneDX). Prints
the paths. The image contains the builds and the production packages, and nothing of npm's configuration.
`;
const { values } = commandLine(help, { base: { type: 'string' }, engine: { type: 'string' } });
const candidates = engineNames.filter((name) => values.engine === undefined || name === values.engine);
if (candidates.length === 0) {
  process.stderr.write(`--engine must be ${engineNames.join(', ')}, not ${values.engine}\n`);
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
