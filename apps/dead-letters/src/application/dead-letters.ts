import { Alerts, deadLetterTopicOf, PageCommands, PageStates } from '@pagebridge/contracts';
import { History } from '../domain/history.ts';
import { type Letter, letterOf } from '../domain/letter.ts';
import { inOrder, type Planned, plan } from '../domain/plan.ts';
import { replayOf } from '../domain/replay-record.ts';
import { isSelected, type Selection } from '../domain/selection.ts';
import type { Bus, Clock } from './ports.ts';

const publishesPerSecond = 10;

/** Finds dead letters, says what a replay would send, and sends it. */
export class DeadLetters {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  /** The selected dead letters of these topics, as they stand. */
  async find(topics: readonly string[], selection: Selection): Promise<Letter[]> {
    return (await this.all(topics)).filter((letter) => isSelected(letter, selection));
  }

  /** What would become of each selected dead letter of a topic; nothing is sent. */
  async preview(topic: string, selection: Selection): Promise<Planned[]> {
    const all = await this.all([topic]);
    const selected = all.filter((letter) => isSelected(letter, selection));
    if (selected.length === 0) return [];
    const history = new History(selected, all);
    // Read after the dead letters, so that whatever was sent before this run is seen.
    await this.bus.read(
      [Alerts, PageCommands, PageStates].map(({ card }) => card.topic),
      (record) => history.take(record),
    );
    return plan(selected, all, history, this.clock.now());
  }

  /**
   * Sends what is planned, in order, at most `rate` a second; tells after each part how many are acknowledged.
   *
   * If the process dies, what was sent carries its mark in the topic it went to, and the next preview skips it: the
   * record and the note that it was sent are one.
   */
  async replay(planned: readonly Planned[], rate: number, onSent: (sent: number) => void): Promise<void> {
    const letters = planned.filter(({ verdict }) => verdict.kind === 'replay').map(({ letter }) => letter);
    const atOnce = Math.max(1, Math.floor(rate / publishesPerSecond));
    for (let sent = 0; sent < letters.length; sent += atOnce) {
      if (sent > 0) await this.clock.pause((atOnce / rate) * 1000);
      const part = letters.slice(sent, sent + atOnce);
      await this.bus.publish(part.map((letter) => replayOf(letter, this.clock.now())));
      onSent(sent + part.length);
    }
  }

  private async all(topics: readonly string[]): Promise<Letter[]> {
    const letters: Letter[] = [];
    await this.bus.read(topics.map(deadLetterTopicOf), (record) => letters.push(letterOf(record)));
    return letters.toSorted(inOrder);
  }
}
