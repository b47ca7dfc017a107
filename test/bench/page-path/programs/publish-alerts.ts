import { setTimeout as delay } from 'node:timers/promises';
import { Publisher } from '@pagebridge/kafka';
import { latencyFigures } from '../../harness/statistics.ts';
import { alertRecord, nowMs } from '../alerts.ts';

/** What is to be published: `count` alerts, as many a second, each a new one, to these teams in turn. */
export interface PublishInput {
  readonly brokers: string;
  readonly sourceOrg: string;
  readonly teams: readonly string[];
  readonly count: number;
  /** 0: all at once. */
  readonly perSecond: number;
}

/** `lateP99Ms`: how much later than planned they left; a load that is late is not the load that was meant. */
export interface PublishOutput {
  readonly firstSentAtMs: number;
  readonly seconds: number;
  readonly lateP99Ms: number;
}

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

async function publish(input: PublishInput): Promise<PublishOutput> {
  const { brokers, sourceOrg, teams, count, perSecond } = input;
  const publisher = new Publisher({ brokers: [brokers], clientId: 'alert-producer', log });
  await publisher.start();
  const late: number[] = [];
  const written: Promise<void>[] = [];
  const startedAt = nowMs() + 50;
  await delay(50);
  for (let sent = 0; sent < count; ) {
    const now = nowMs();
    const due = perSecond === 0 ? count : Math.min(count, Math.floor(((now - startedAt) / 1000) * perSecond) + 1);
    const records = [];
    for (; sent < due; sent += 1) {
      const alertKey = `monitor-${sent}:host:backend`;
      records.push(alertRecord({ sourceOrg, alertKey, team: teams[sent % teams.length] ?? '' }, now));
      late.push(perSecond === 0 ? 0 : Math.max(0, now - startedAt - (sent / perSecond) * 1000));
    }
    if (records.length > 0) written.push(publisher.publish(records));
    if (sent < count) await delay(1);
  }
  await Promise.all(written);
  const seconds = (nowMs() - startedAt) / 1000;
  await publisher.close();
  return { firstSentAtMs: startedAt, seconds, lateP99Ms: latencyFigures(late).p99Ms };
}

const [, , input = ''] = process.argv;
process.stdout.write(`${JSON.stringify(await publish(JSON.parse(input)))}\n`);
