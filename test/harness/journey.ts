import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import { allTopics, type Destination, Driver, type StackInfo, type StackOptions } from '@pagebridge/local-stack';
import { uniqueName } from '@pagebridge/testing';
import { linesWith, linesWithTokens, secretsOf } from './secrets.ts';
import { ServiceLogs } from './service-logs.ts';
import { SourceOrg } from './source-org.ts';
import { RemoteStack } from './stack/remote-stack.ts';

/** The stack that this journey shares with others, one after the other, and where it is broken and mended; `npm test` runs it. */
const { PAGEBRIDGE_STACK_FILE: stackFile, PAGEBRIDGE_STACK_CONTROL: controlUrl } = process.env;

export interface JourneyOptions {
  /** Variables that services have while this journey goes. */
  readonly env?: StackOptions['env'];
  /** ERROR lines that the journey provokes. Any other fails it. */
  readonly expectedErrors?: RegExp;
  /** What the broker denies because the journey asks for it. Anything else that it denies fails the journey. */
  readonly expectedDenials?: RegExp;
}

/** What a journey stands on: a running stack, a source org that nobody else uses, and a look at both ends. */
export class Journey {
  /** What a journey that breaks something stops, kills, freezes and starts; all is put back when the journey is over. */
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
    jest.setTimeout(60_000);
    beforeAll(() => this.#open(stackFile), 120_000);
    afterAll(() => this.#close(), 60_000);
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

  /** Where the stack keeps its keys and logs. */
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

  /** A source org of its own, without connections. */
  sourceOrg(): SourceOrg {
    return new SourceOrg(uniqueName('acme'), this.driver);
  }

  async #open(file: string): Promise<void> {
    // Each journey has a source org of its own: whoever goes them all is an operator.
    this.#driver = new Driver(JSON.parse(readFileSync(file, 'utf8')) as StackInfo, 'olga');
    await Promise.all([this.#driver.open(), this.stack.open()]);
  }

  async #close(): Promise<void> {
    await Promise.all([this.#driver?.close(), this.stack.restore()]);
  }

  #expectQuietLogs(): void {
    const { expectedErrors } = this.#options;
    const unexpected = this.logs.errors().filter((line) => !expectedErrors?.test(line));
    expect(unexpected).toEqual([]);
  }

  /** Every service has the rights that it needs, whatever a journey does. */
  #expectNoDenials(): void {
    const { expectedDenials } = this.#options;
    const unexpected = this.logs.denials().filter((line) => !expectedDenials?.test(line));
    expect(unexpected).toEqual([]);
  }

  /** Whatever a journey does, no key and no token is in a log or on a topic. */
  #expectNoSecrets(): void {
    const { info, watch } = this.driver;
    const records = allTopics.flatMap((topic) => watch.recordsOf(topic).map(({ key, value }) => `${key} ${value}`));
    const told = [this.logs.text(), ...records].join('\n');
    expect([...linesWith(told, secretsOf(info)), ...linesWithTokens(told)]).toEqual([]);
  }
}
