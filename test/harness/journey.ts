import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import {
  allTopics,
  type Destination,
  Driver,
  type StackInfo,
  type StackOptions,
  serviceNames,
} from '@pagebridge/local-stack';
import { uniqueName } from '@pagebridge/testing';
import { faultsOf, linesOfServices } from './log-schema.ts';
import { linesWith, linesWithTokens, secretsOf } from './secrets.ts';
import { ServiceLogs } from './service-logs.ts';
import { SourceOrg } from './source-org.ts';
import { RemoteStack } from './stack/remote-stack.ts';

/** The stack that several journeys share one after the other, and the URL to stop and restart its parts; `npm test` sets both. */
const { PAGEBRIDGE_STACK_FILE: stackFile, PAGEBRIDGE_STACK_CONTROL: controlUrl } = process.env;

export interface JourneyOptions {
  /** Further variables of the services during the journey. */
  readonly env?: StackOptions['env'];
  /** The ERROR lines that the journey provokes. Any other ERROR line fails it. */
  readonly expectedErrors?: RegExp;
  /** The denials of the broker that the journey provokes. Any other denial fails it. */
  readonly expectedDenials?: RegExp;
}

/** The environment of a journey: a running stack, a source org of its own, and access to both ends. */
export class Journey {
  /** Stops, kills, freezes and starts parts of the stack; everything is restored at the end of the journey. */
  readonly stack: RemoteStack;
  readonly #options: JourneyOptions;
  readonly #logFolder: string;
  #driver: Driver | undefined;
  #logs: ServiceLogs | undefined;

  constructor(options: JourneyOptions = {}) {
    if (!stackFile || !controlUrl) throw new Error('no stack runs: start journeys by `npm run test:e2e`');
    this.#options = options;
    this.stack = new RemoteStack(controlUrl, options.env ?? {});
    this.#logFolder = join(dirname(stackFile), 'logs');
    beforeAll(() => this.#open(stackFile));
    afterAll(() => this.#close());
    beforeEach(() => {
      this.#logs = new ServiceLogs(this.#logFolder);
    });
    afterEach(() => {
      this.#expectQuietLogs();
      this.#expectNoDenials();
      this.#expectNoSecrets();
    });
  }

  get driver(): Driver {
    if (!this.#driver) throw new Error('the stack is not open yet');
    return this.#driver;
  }

  /** The folder with the keys and logs of the stack. */
  get folder(): string {
    return dirname(this.#logFolder);
  }

  get logs(): ServiceLogs {
    if (!this.#logs) throw new Error('no test runs yet');
    return this.#logs;
  }

  get globex(): Destination {
    return this.driver.destination('globex-eu');
  }

  get initech(): Destination {
    return this.driver.destination('initech-ap');
  }

  /** Returns a new source org without connections. */
  sourceOrg(): SourceOrg {
    return new SourceOrg(uniqueName('acme'), this.driver);
  }

  async #open(file: string): Promise<void> {
    // Each journey uses its own source org, so the driver calls as an operator over all of them.
    this.#driver = new Driver(JSON.parse(readFileSync(file, 'utf8')) as StackInfo, 'olga');
    await Promise.all([this.#driver.open(), this.stack.open()]);
  }

  async #close(): Promise<void> {
    await Promise.all([this.#driver?.close(), this.stack.restore()]);
    this.#expectOneSchema();
  }

  /** Fails if a field of the logs has two types, or a line lacks a field. Reads all journeys of the stack up to now. */
  #expectOneSchema(): void {
    const lines = linesOfServices(new ServiceLogs(this.#logFolder, 'all').text());
    expect(lines.map(({ service }) => service)).toEqual(expect.arrayContaining([...serviceNames]));
    expect(faultsOf(lines)).toEqual([]);
  }

  #expectQuietLogs(): void {
    const { expectedErrors } = this.#options;
    const unexpected = this.logs.errors().filter((line) => !expectedErrors?.test(line));
    expect(unexpected).toEqual([]);
  }

  /** Fails if a service lacked a right that it needs. */
  #expectNoDenials(): void {
    const { expectedDenials } = this.#options;
    const unexpected = this.logs.denials().filter((line) => !expectedDenials?.test(line));
    expect(unexpected).toEqual([]);
  }

  /** Fails if a key or a token appears in a log or on a topic. */
  #expectNoSecrets(): void {
    const { info, watch } = this.driver;
    const records = allTopics.flatMap((topic) => watch.recordsOf(topic).map(({ key, value }) => `${key} ${value}`));
    const text = [this.logs.text(), ...records].join('\n');
    expect([...linesWith(text, secretsOf(info)), ...linesWithTokens(text)]).toEqual([]);
  }
}
