import { headerText, PageCommands } from '@pagebridge/contracts';
import { TableView } from '@pagebridge/kafka';
import { deadLetterHeaders, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';

/** Counts the dead letters of page commands by their reason. */
export class DeadLetters {
  readonly #view: TableView;
  readonly #byReason = new Map<string, number>();

  static async of(kafka: KafkaAccess): Promise<DeadLetters> {
    const letters = new DeadLetters(kafka);
    await letters.#view.start();
    return letters;
  }

  private constructor(kafka: KafkaAccess) {
    this.#view = new TableView(settingsOf(kafka, 'bench-dead-letters'), {
      topics: [deadLetterTopicOf(PageCommands.card.topic)],
      onRecord: (record) => {
        const reason = headerText(record, deadLetterHeaders.reason) ?? 'unknown';
        // A record batch may stand for several letters.
        const letters = Number(headerText(record, deadLetterHeaders.letters) ?? 1);
        this.#byReason.set(reason, this.count(reason) + letters);
      },
    });
  }

  count = (reason: string): number => this.#byReason.get(reason) ?? 0;

  get total(): number {
    return [...this.#byReason.values()].reduce((sum, count) => sum + count, 0);
  }

  close = (): Promise<void> => this.#view.stop();
}
