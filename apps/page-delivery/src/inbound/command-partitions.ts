import { Injectable } from '@nestjs/common';
import { PageCommands } from '@pagebridge/contracts';
import type { BatchConsumer } from '@pagebridge/kafka';
import type { CommandSource } from '../application/intake.ts';

type Consumer = Pick<BatchConsumer, 'pausePartition' | 'resumePartition'>;
const { topic } = PageCommands.card;

/** The consumer's partitions of commands. The consumer is created after the parts that pause it. */
@Injectable()
export class CommandPartitions implements CommandSource {
  private consumer: Consumer | undefined;

  readonly onConsumer = (consumer: Consumer): void => {
    this.consumer = consumer;
  };

  pause(partition: number): void {
    this.consumer?.pausePartition(topic, partition);
  }

  resume(partition: number): void {
    this.consumer?.resumePartition(topic, partition);
  }
}
