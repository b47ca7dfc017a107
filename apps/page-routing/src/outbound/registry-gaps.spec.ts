import { describe, expect, it } from '@jest/globals';
import { Connections, Handles, SourceOrgs } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { partitionFor } from '@pagebridge/kafka';
import { aConnection } from '@pagebridge/testing';
import { gapsIn } from './registry-gaps.ts';

const connection = aConnection();
const { sourceOrg, directory } = connection;
const registry = new HandleRegistry();
registry.applyConnection(connection.connectionId, connection);

const gapOf = (topic: string, partition: number) => {
  const gaps = [{ topic, partition, detail: 'not read' }];
  return gapsIn({ gaps: () => gaps }, registry);
};
const partitionOf = (key: string) => partitionFor(key, 12);

describe('a partition of the registry that was not read', () => {
  it('of the handles may have the handles of each org that reads a directory in it', () => {
    expect(gapOf(Handles.card.topic, partitionOf(directory))(sourceOrg)).toBe('not read');
    expect(gapOf(Handles.card.topic, partitionOf(directory))('globex')).toBeUndefined();
    expect(gapOf(Handles.card.topic, (partitionOf(directory) + 1) % 12)(sourceOrg)).toBeUndefined();
  });

  it('of the settings may have the local handles of each org in it', () => {
    expect(gapOf(SourceOrgs.card.topic, partitionOf('globex'))('globex')).toBe('not read');
    expect(gapOf(SourceOrgs.card.topic, (partitionOf('globex') + 1) % 12)('globex')).toBeUndefined();
  });

  it('of the connections may have a connection of any org', () => {
    expect(gapOf(Connections.card.topic, 0)('globex')).toBe('not read');
  });
});
