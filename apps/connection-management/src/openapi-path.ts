import { join } from 'node:path';

/** Where the document is kept for readers and for client generators; `src` and `dist` are equally deep. */
export const documentPath = join(import.meta.dirname, '../../../docs/openapi/connection-management.json');
