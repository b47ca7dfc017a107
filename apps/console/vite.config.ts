import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

import { developedAt } from './develop.ts';

export default defineConfig({
  // The gateway sends these as they are: nothing is compressed for each request.
  plugins: [
    react(),
    developedAt(process.env.GATEWAY_URL ?? 'http://127.0.0.1:8080'),
    compression({ algorithms: [defineAlgorithm('gzip', { level: 9 }), 'brotliCompress'], threshold: 1024 }),
  ],
  // Our libraries as their sources, as Jest and the type check read them.
  resolve: { conditions: ['@pagebridge/source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2023',
    // test/console/sizes.spec.ts reads it; the gateway does not serve it.
    manifest: 'manifest.json',
    // An inline script or font would need an exception in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rolldownOptions: {
      // What several screens share comes with the first of them, in one file instead of ten.
      output: {
        codeSplitting: { groups: [{ name: 'shared', test: /\/src\/((api|look|session)\/|.*\/queries\.ts$)/ }] },
      },
    },
  },
});
