import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@pagebridge/service';
import type { RequestHandler } from 'express';
import staticGzip from 'express-static-gzip';

/** The build of the console, in the folder beside this app: in a checkout and in the image. */
export const builtConsole = fileURLToPath(new URL('../../../console/dist', import.meta.url));

const immutable = 'public, max-age=31536000, immutable';

/** The files of the built console: its page, and the assets with a hash of their content in the name. */
export class ConsoleBuild {
  /** Answers with a file, or calls `next` if there is none. */
  readonly serve: RequestHandler;
  private readonly html: string;

  /** Reads the names of all files. Throws ConfigError if there is no build. */
  constructor(folder: string) {
    const page = join(folder, 'index.html');
    if (!existsSync(page)) throw new ConfigError(`the console is not built: no ${page}; in a checkout: npm run build`);
    this.html = readFileSync(page, 'utf8');
    this.serve = staticGzip(folder, {
      enableBrotli: true,
      orderPreference: ['br', 'gz'],
      index: false,
      // In place of `no-store`, which all other answers have.
      serveStatic: {
        cacheControl: false,
        setHeaders: (response, path) =>
          void response.setHeader('cache-control', path.includes('/assets/') ? immutable : 'no-cache'),
      },
    });
  }

  /** Returns the page for one response. */
  page(nonce: string, scheme: string): string {
    return this.html.replaceAll('__NONCE__', nonce).replaceAll('__SCHEME__', scheme);
  }
}
