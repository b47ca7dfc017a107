import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandLine } from '@pagebridge/local-stack/base';
import { plainManifests } from './plain-manifests.ts';
import { kustomize } from './render.ts';

const help = `npm run generate:kustomize: writes the manifests of deploy/kustomize, which are made from the chart

  --help  this
`;
commandLine(help, {});

for (const [path, text] of plainManifests()) {
  const file = join(kustomize, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`deploy/kustomize/${path}\n`);
}
