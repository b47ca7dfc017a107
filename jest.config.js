import { readFileSync } from 'node:fs';

// Jest resolves the sources' own `.ts` imports, so only the build rewrites them.
const { $schema, ...swc } = JSON.parse(readFileSync(`${import.meta.dirname}/.swcrc`, 'utf8'));
const swcOptions = {
  ...swc,
  swcrc: false,
  jsc: { ...swc.jsc, rewriteRelativeImportExtensions: false },
  sourceMaps: 'inline',
};

// One shape for every kind of test; the kind is in the file's suffix: what is real decides the cost.
const kind = (displayName, testMatch, { testPathIgnorePatterns = [], ...options } = {}) => ({
  displayName,
  rootDir: import.meta.dirname,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.local/', '/test/fixtures/', ...testPathIgnorePatterns],
  modulePathIgnorePatterns: ['<rootDir>/\\.local/', '<rootDir>/.*/dist/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@pagebridge/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  ...options,
});

export default {
  // By default Jest leaves a CPU to itself, and of two that is half.
  maxWorkers: '100%',
  // Jest keeps the modules of every spec file: in a worker that has gathered gigabytes much time goes into garbage collection.
  workerIdleMemoryLimit: '500MB',
  // A busy machine is no failure: what has to be quick says so itself.
  testTimeout: 30_000,
  projects: [
    kind('unit', ['**/*.spec.ts'], {
      testPathIgnorePatterns: ['\\.(int|e2e|chaos|nightly|image)\\.spec\\.ts$'],
      setupFiles: ['<rootDir>/test/property-seed.ts'],
    }),
    kind('integration', ['**/*.int.spec.ts'], { setupFiles: ['<rootDir>/test/ground-of-worker.ts'] }),
    kind('journeys', ['**/*.e2e.spec.ts'], { setupFiles: ['<rootDir>/test/ground-of-worker.ts'] }),
    kind('chaos', ['**/*.chaos.spec.ts']),
    kind('nightly', ['**/*.nightly.spec.ts'], { setupFiles: ['<rootDir>/test/ground-of-worker.ts'] }),
    kind('image', ['**/*.image.spec.ts']),
  ],
};
