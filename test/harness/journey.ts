import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import {
  allTopics,
  type Destination,
  Driver,
  Progress,
  Stack,
  type StackInfo,
  type StackOptions,
} from '@pagebridge/local-stack';
import { uniqueName, unlimited } from '@pagebridge/testing';
import { linesWith, linesWithTokens, secretsOf } from './secrets.ts';
import { ServiceLogs } from './service-logs.ts';
import { SourceOrg } from './source-org.ts';

/** Names a stack that runs already; `npm test` starts one for all journeys that leave it as they found it. */
export const stackFileVariable = 'PAGEBRIDGE_STACK_FILE';

export interface JourneyOptions {
  /** Name of a stack of its own, for a journey that kills or stops what others need. */
  readonly ownStack?: string;
  readonly env?: StackOptions['env'];
  /** ERROR lines that the journey provokes. Any other fails it. */
  readonly expectedErrors?: RegExp;
}

/** What a journey stands on: a running stack, a source org that nobody else uses, and a look at both ends. */
export class Journey {
  readonly #options: JourneyOptions;
  #stack: Stack | undefined;
  #driver: Driver | undefined;
  #logs: ServiceLogs | undefined;
  #logFolder = '';

  constructor(options: JourneyOptions = {}) {
    this.#options = options;
    jest.setTimeout(60_000);
    beforeAll(() => this.#open(), 120_000);
    afterAll(() => this.#close(), 60_000);
    beforeEach(() => {
      this.#logs = new ServiceLogs(this.#logFolder);
    });
    afterEach(() => {
      this.#expectQuietLogs();
      this.#expectNoSecrets();
    });
  }

  get driver(): Driver {
    if (!this.#driver) throw new Error('the stack does not run yet');
    return this.#driver;
  }

  /** The stack itself, for a journey that has its own. */
  get stack(): Stack {
    if (!this.#stack) throw new Error('this journey shares its stack with others: it may not stop or kill anything');
    return this.#stack;
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

  async #open(): Promise<void> {
    // Each journey has a source org of its own: whoever goes them all is an operator.
    const as = 'olga';
    const running = process.env[stackFileVariable];
    if (running && !this.#options.ownStack) {
      this.#logFolder = join(dirname(running), 'logs');
      this.#driver = new Driver(JSON.parse(readFileSync(running, 'utf8')) as StackInfo, as);
    } else {
      const { ownStack = 'journey', env = {} } = this.#options;
      this.#stack = new Stack({ name: ownStack, progress: new Progress(), given: {}, env: withoutLimits(env) });
      this.#logFolder = this.#stack.folder.logs;
      this.#driver = new Driver(await this.#stack.start(), as);
    }
    await this.#driver.open();
  }

  async #close(): Promise<void> {
    await this.#driver?.close();
    await this.#stack?.kill();
  }

  #expectQuietLogs(): void {
    const { expectedErrors } = this.#options;
    const unexpected = this.logs.errors().filter((line) => !expectedErrors?.test(line));
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

const withoutLimits = (env: NonNullable<StackOptions['env']>): NonNullable<StackOptions['env']> => ({
  ...env,
  'connection-management': { ...unlimited, ...env['connection-management'] },
});
