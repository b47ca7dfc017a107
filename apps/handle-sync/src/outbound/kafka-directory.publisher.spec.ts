import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  Directories,
  type Directory,
  HandleChanges,
  Handles,
  handleKey,
  ownerEpochHeader,
} from '@pagebridge/contracts';
import type { OutgoingRecord, Publisher } from '@pagebridge/kafka';
import { asRead } from '@pagebridge/testing';
import { OwnedPartitions } from '../application/owned-partitions.ts';
import { KafkaDirectoryPublisher, NotOwnerError } from './kafka-directory.publisher.ts';

const directory = 'EU1/org-globex/account-1';
const team = {
  teamId: 'a',
  teamHandle: 'core',
  teamName: 'Core',
  onCall: true,
  formerHandles: [],
  firstSeen: Date.parse('2026-01-01T00:00:00.000Z'),
};
const status: Omit<Directory, 'directory' | 'ownerEpoch'> = {
  teams: 1,
  unread: 0,
  refused: [],
  at: '2026-01-01T00:00:00.000Z',
};

let records: OutgoingRecord[];
let requests: number;
let isMember: boolean;
let owned: OwnedPartitions;
let publisher: KafkaDirectoryPublisher;
const { signal } = new AbortController();

beforeEach(() => {
  records = [];
  requests = 0;
  isMember = true;
  owned = new OwnedPartitions(
    () => 7,
    () => isMember,
  );
  owned.own(7, 42);
  const kafka = {
    publish: async (some: readonly OutgoingRecord[]) => {
      requests += 1;
      records.push(...some);
    },
  };
  publisher = new KafkaDirectoryPublisher(kafka as unknown as Publisher, owned);
});

describe('the publisher of a directory', () => {
  it('writes to the partition of the owner, with its owner epoch', async () => {
    await publisher.publishTeams(directory, [{ teamId: 'a', team }], signal);
    await publisher.publishStatus(directory, status, signal);
    const [handle, known] = records.map((record) => asRead(record));
    expect(records.map(({ partition }) => partition)).toEqual([7, 7]);
    expect(handle && Handles.decode(handle)).toMatchObject({
      ok: true,
      event: { data: { teamHandle: 'core', ownerEpoch: 42 } },
    });
    expect(known && Directories.decode(known)).toMatchObject({
      ok: true,
      event: { data: { teams: 1, ownerEpoch: 42 } },
    });
  });

  it('writes the log of changes before the teams, so that no change is missing from it', async () => {
    const logged = { kind: 'added', teamHandle: 'core', teamName: 'Core' } as const;
    await publisher.publishTeams(
      directory,
      [
        { teamId: 'a', team, logged },
        { teamId: 'b', team: null },
      ],
      signal,
    );
    expect(requests).toBe(2);
    const [change, ...teams] = records;
    expect(teams.map(({ topic }) => topic)).toEqual(['paging.handles.v1', 'paging.handles.v1']);
    expect(change).toMatchObject({ key: handleKey(directory, 'a'), partition: 7 });
    expect(change && HandleChanges.decode(asRead(change))).toMatchObject({
      ok: true,
      event: { data: { ...logged, directory, teamId: 'a', ownerEpoch: 42 } },
    });
  });

  it('writes its owner epoch into the header of tombstones', async () => {
    await publisher.publishTeams(directory, [{ teamId: 'a', team: null }], signal);
    await publisher.publishStatus(directory, null, signal);
    const deleted = { value: null, partition: 7, headers: { [ownerEpochHeader]: '42' } };
    expect(records).toMatchObject([
      { ...deleted, key: handleKey(directory, 'a') },
      { ...deleted, key: directory },
    ]);
  });

  it('writes nothing once the partition is lost, or the group may have removed this process', async () => {
    isMember = false;
    await expect(publisher.publishTeams(directory, [{ teamId: 'a', team }], signal)).rejects.toThrow(NotOwnerError);
    isMember = true;
    owned.lose(7);
    await expect(publisher.publishStatus(directory, status, signal)).rejects.toThrow(NotOwnerError);
    expect(records).toEqual([]);
  });

  it('writes in chunks, and checks the owner before each', async () => {
    const writes = Array.from({ length: 1200 }, (_, index) => ({ teamId: `t${index}`, team: null }));
    await publisher.publishTeams(directory, writes, signal);
    expect([requests, records.length]).toEqual([3, 1200]);
    const written = publisher.publishTeams(directory, writes, signal);
    owned.lose(7);
    await expect(written).rejects.toThrow(NotOwnerError);
    expect(records).toHaveLength(1700);
  });
});
