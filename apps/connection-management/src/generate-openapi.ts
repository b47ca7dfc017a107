import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openApiDocument } from './openapi-document.ts';
import { documentPath } from './openapi-path.ts';

await mkdir(dirname(documentPath), { recursive: true });
await writeFile(documentPath, await openApiDocument());
