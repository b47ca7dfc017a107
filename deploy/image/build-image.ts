import { statSync } from 'node:fs';
import { commandLine, Progress, runProgram } from '@pagebridge/local-stack/base';
import { Engine, engineNames } from './engine.ts';
import { buildImage, defaultBase } from './image.ts';

const help = `npm run image [-- options]: builds the image of all services and programs, pagebridge:<version>

  --base IMAGE     what it stands on: an image with Node as /usr/local/bin/node (${defaultBase}), or debian: made here of
                   Debian packages by mmdebstrap, as it is too where the usual one cannot be had
  --engine NAME    ${engineNames.join(', ')}; else the first of them that works here
  --help           this

Leaves the image with the engine, to be tagged and pushed, and in .local/image as an archive with its SBOM (CycloneDX) beside it.
Prints where. It has what is built and what production needs, nothing of npm's configuration.
`;
const { values } = commandLine(help, { base: { type: 'string' }, engine: { type: 'string' } });
const wished = engineNames.filter((name) => values.engine === undefined || name === values.engine);
if (wished.length === 0) {
  process.stderr.write(`--engine must be ${engineNames.join(', ')}, not ${values.engine}\n`);
  process.exit(2);
}

async function run(): Promise<number> {
  const engine = await Engine.thatWorks(wished);
  const image = await buildImage(engine, new Progress(), values.base);
  const megabytes = (statSync(image.archive).size / 1_000_000).toFixed(1);
  process.stdout.write(`${JSON.stringify({ ...image, megabytes: Number(megabytes) }, null, 2)}\n`);
  return 0;
}

await runProgram({ run, stop: async () => {}, kill: () => {} });
