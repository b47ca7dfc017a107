import { Injectable } from '@nestjs/common';
import {
  Directories,
  type Handle,
  type HandleChange,
  HandleChanges,
  Handles,
  handleKey,
  ownerEpochHeader,
} from '@pagebridge/contracts';
import { type OutgoingRecord, Publisher } from '@pagebridge/kafka';
import { OwnedPartitions } from '../application/owned-partitions.ts';
import type { DirectoryPublisher, DirectoryStatus, TeamWrite } from '../application/ports.ts';
import { attributes } from './attributes.ts';

const maxAtOnce = 500;

/** Another process may own the directory, so nothing more was written. */
export class NotOwnerError extends Error {}

/** Writes directories to Kafka, into the partition of the owner and with its owner epoch. */
@Injectable()
export class KafkaDirectoryPublisher implements DirectoryPublisher {
  constructor(
    private readonly publisher: Publisher,
    private readonly owned: OwnedPartitions,
  ) {}

  async publishTeams(directory: string, writes: readonly TeamWrite[], signal: AbortSignal): Promise<void> {
    // In chunks, so that encoding a large directory does not block the event loop.
    for (let from = 0; from < writes.length; from += maxAtOnce) {
      await this.publishSome(directory, writes.slice(from, from + maxAtOnce), signal);
    }
  }

  private async publishSome(directory: string, writes: readonly TeamWrite[], signal: AbortSignal): Promise<void> {
    const changedAt = new Date().toISOString();
    const changes = changesOf(directory, writes, this.writerOf(directory), changedAt);
    // The log of changes first: a team that was written no longer differs, so its change would never be logged.
    if (changes.length > 0) await this.publisher.publish(changes, { signal });
    const writer = this.writerOf(directory);
    const records = writes.map(({ teamId, team }): OutgoingRecord => {
      const key = handleKey(directory, teamId);
      if (!team) return tombstoneOf(Handles.tombstone(key), writer);
      const { partition, ownerEpoch } = writer;
      // Field by field, because the team of the registry has more fields.
      const handle: Handle = {
        directory,
        teamId,
        teamHandle: team.teamHandle,
        teamName: team.teamName,
        onCall: team.onCall,
        formerHandles: [...team.formerHandles],
        changedAt,
        firstSeenAt: new Date(team.firstSeen).toISOString(),
        ownerEpoch,
      };
      return { ...Handles.encode(key, attributes(changedAt), handle), partition };
    });
    await this.publisher.publish(records, { signal });
  }

  async publishStatus(directory: string, status: DirectoryStatus | null, signal: AbortSignal): Promise<void> {
    const writer = this.writerOf(directory);
    const { partition, ownerEpoch } = writer;
    const record = status
      ? { ...Directories.encode(directory, attributes(status.at), { directory, ...status, ownerEpoch }), partition }
      : tombstoneOf(Directories.tombstone(directory), writer);
    await this.publisher.publish([record], { signal });
  }

  private writerOf(directory: string): Writer {
    const writer = this.owned.writerOf(directory);
    if (!writer) throw new NotOwnerError(`${directory} may have another owner`);
    return writer;
  }
}

type Writer = NonNullable<ReturnType<OwnedPartitions['writerOf']>>;

const changesOf = (
  directory: string,
  writes: readonly TeamWrite[],
  { partition, ownerEpoch }: Writer,
  at: string,
): OutgoingRecord[] =>
  writes.flatMap(({ teamId, logged }) => {
    if (!logged) return [];
    const change: HandleChange = { directory, teamId, ...logged, at, ownerEpoch };
    return { ...HandleChanges.encode(handleKey(directory, teamId), attributes(at), change), partition };
  });

const tombstoneOf = (tombstone: OutgoingRecord, { partition, ownerEpoch }: Writer): OutgoingRecord => ({
  ...tombstone,
  partition,
  headers: { [ownerEpochHeader]: String(ownerEpoch) },
});
