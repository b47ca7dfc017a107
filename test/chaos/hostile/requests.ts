import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { handleOf, type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import { dialects } from '../../harness/hostile-bodies/dialects.ts';
import {
  fillingNames,
  hostileBody,
  nameOf,
  placesOf,
  type Shape,
  withToken,
  worst,
} from '../../harness/hostile-bodies/hostile-bodies.ts';
import type { AnsweredRequest } from '../audit/history.ts';
import type { Seeded } from '../seed.ts';

export interface HostileRequestsOptions {
  readonly intakeUrls: readonly string[];
  /** A token of an integration of each kind, whose name is its kind. */
  readonly tokens: ReadonlyMap<IntegrationKind, string>;
  readonly random: Seeded;
  /** The handle of a team that the org may page. */
  readonly team: string;
  readonly say: (line: string) => void;
}

// Slow enough to leave CPU time for healthy alerts on two cores: the bodies are made by the process that runs everything else.
const everyMs = 500;
const answerWithinMs = 12_000;
/** Each alert pages somebody, so a body has few. */
const alertCounts = [1, 1, 1, 10, 30] as const;
// The alerts of a request are found by their names.
const naming = /^(body|alert|alert (fingerprint|key|id|monitor|cycle|incident|dedup_key|data|data\.alertKey))$/;
const packed = promisify(gzip);

/** An integration of each kind of the hostile org that sends the bodies which cost most, and others with something in one of their places. */
export class HostileRequests {
  readonly #options: HostileRequestsOptions;
  readonly #answered: AnsweredRequest[] = [];
  #count = 0;
  #unanswered = 0;

  constructor(options: HostileRequestsOptions) {
    this.#options = options;
  }

  /** The requests that were answered: what came of another is not known, and its sender would send it again. */
  answered = (): readonly AnsweredRequest[] => this.#answered;

  async run(until: AbortSignal): Promise<void> {
    await Promise.all(this.#options.intakeUrls.map((url) => this.#attack(url, until)));
    const counts = Map.groupBy(this.#answered, ({ status }) => status);
    const answers = [...counts].map(([status, all]) => `${all.length} with ${status}`);
    this.#options.say(`hostile requests: ${answers.join(', ')}, ${this.#unanswered} without an answer`);
  }

  async #attack(url: string, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await this.#send(url, this.#draw(), until);
      await sleep(everyMs, undefined, { signal: until }).catch(() => undefined);
    }
  }

  #draw(): Shape {
    const { random } = this.#options;
    const kind = random.pick(integrationKinds);
    const alerts = Math.min(random.pick(alertCounts), dialects[kind].maxAlerts);
    if (random.chance(0.4)) return { ...random.pick(worst[kind]), alerts };
    const place = random.pick(placesOf(kind).filter((each) => !naming.test(each)));
    return { kind, place, filling: random.pick(fillingNames), alerts };
  }

  async #send(url: string, shape: Shape, until: AbortSignal): Promise<void> {
    this.#count += 1;
    const { tokens, team } = this.#options;
    const { kind } = shape;
    const { path, contentType, maxBytes } = dialects[kind];
    const token = tokens.get(kind) ?? '';
    const run = `hostile-request-${this.#count}`;
    const text = hostileBody(shape, maxBytes - 200, run).replaceAll('@oncall-core-infra', handleOf(team));
    const body = await packed(withToken(kind, text, token));
    const headers = {
      'content-type': contentType,
      'content-encoding': 'gzip',
      ...(kind === 'pagerduty' ? {} : { authorization: `Bearer ${token}` }),
    };
    const signal = AbortSignal.any([until, AbortSignal.timeout(answerWithinMs)]);
    try {
      const response = await fetch(url + path, { method: 'POST', headers, body, signal });
      const answer = (await response.json()) as { readonly published?: number; readonly ids?: readonly string[] };
      const taken = kind === 'pagerduty' ? 1 : (answer.published ?? answer.ids?.length ?? 0);
      const { status, ok } = response;
      this.#answered.push({ run, looks: nameOf(shape), status, published: ok ? taken : 0 });
    } catch {
      this.#unanswered += 1;
    }
  }
}
