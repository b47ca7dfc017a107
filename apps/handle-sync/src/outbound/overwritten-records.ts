import { Injectable } from '@nestjs/common';
import { Handles, handleKeyParts } from '@pagebridge/contracts';
import type { OwnedDirectories } from '../application/owned-directories.ts';

interface StaleRecord {
  readonly topic: string;
  readonly key: Buffer | null;
}

/** Hears of records that a former owner of a directory wrote too late, and has the present one write its own again. */
@Injectable()
export class OverwrittenRecords {
  private directories: Pick<OwnedDirectories, 'overwritten'> | undefined;

  /** The tables are read before anything is owned. */
  follow(directories: Pick<OwnedDirectories, 'overwritten'>): void {
    this.directories = directories;
  }

  readonly tell = ({ topic, key }: StaleRecord): void => {
    if (topic !== Handles.card.topic) return;
    const [directory, teamId] = handleKeyParts(key?.toString('utf8') ?? '') ?? [];
    if (directory !== undefined && teamId !== undefined) this.directories?.overwritten(directory, teamId);
  };
}
