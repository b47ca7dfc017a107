import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientKafka, Ctx, EventPattern, type KafkaContext, Transport } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { KafkaAccess } from '../../../harness/kafka-access.ts';

interface PassInput {
  readonly kafka: KafkaAccess;
  readonly from: string;
  readonly to: string;
  readonly group: string;
}

/* The same router with Nest's Kafka transport as documented: an event handler and a client that emits. */
const [, , text = ''] = process.argv;
const { kafka, from, to, group }: PassInput = JSON.parse(text);
// Our library would patch kafkajs, so this program imports nothing of it.
const kafkajs = { brokers: kafka.brokers.split(','), clientId: 'bench-nest', logLevel: 0 };
const client = new ClientKafka({
  client: kafkajs,
  producerOnlyMode: true,
  send: { acks: -1 },
});
await client.connect();

class PassThrough {
  async pass(context: KafkaContext): Promise<void> {
    const { key, value } = context.getMessage();
    await lastValueFrom(client.emit(to, { key, value }));
  }
}
class PassModule {}

// Decorators are applied by hand: Node runs this file unchanged, and decorators are not part of JavaScript yet.
const method = Object.getOwnPropertyDescriptor(PassThrough.prototype, 'pass') as PropertyDescriptor;
EventPattern(from)(PassThrough.prototype, 'pass', method);
Ctx()(PassThrough.prototype, 'pass', 0);
Controller()(PassThrough);
Module({ controllers: [PassThrough] })(PassModule);

const service = await NestFactory.createMicroservice(PassModule, {
  transport: Transport.KAFKA,
  logger: false,
  options: {
    client: kafkajs,
    consumer: { groupId: group },
    subscribe: { fromBeginning: true },
    postfixId: '',
  },
});
await service.listen();
