import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, call } from '@pagebridge/local-stack';
import type { Link } from '../world.ts';
import type { Scene } from './fault.ts';

/** Changes one connection over REST. */
export const change = ({ stack }: Scene, link: Link, method: string, path: string, body?: unknown) => {
  const url = `${stack.managementUrl}/v1/source-orgs/${link.sourceOrg}/connections/${link.connectionId}${path}`;
  return call(method, url, body, { 'if-match': '*' });
};

const isSuccess = (status: number) => status >= 200 && status < 300;

/** Retries like an operator: the database, the service or the destination may be down. */
export async function untilAccepted<Body>(
  { say }: Scene,
  ask: () => Promise<Answer<Body>>,
  alsoDone: readonly number[] = [],
): Promise<Pick<Answer<Body>, 'status' | 'body'>> {
  const triesPerMinute = 120;
  for (let tries = 1; ; tries += 1) {
    const answer = await ask().catch((error: Error) => error);
    const isAnswer = !(answer instanceof Error);
    if (isAnswer && (isSuccess(answer.status) || alsoDone.includes(answer.status))) return answer;
    const why = isAnswer ? `${answer.status} ${JSON.stringify(answer.body)}` : answer.message;
    if (tries % 40 === 0) say(`still refused after ${tries} tries: ${why}`);
    if (tries > 3 * triesPerMinute) throw new Error(`refused for good: ${why}`);
    await sleep(500);
  }
}
