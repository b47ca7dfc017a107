import { Injectable } from '@nestjs/common';
import { commandFor } from '@pagebridge/dead-letters';
import { Problem, type ProblemKind } from '@pagebridge/service';
import { placeOf } from '@pagebridge/vocabulary';
import { Brackets, type WhereExpressionBuilder } from 'typeorm';
import { Stored } from '../../asked/stored.ts';
import { problems } from '../../problems.ts';
import { HistoryRecord } from '../../rows/history-record.entity.ts';
import type { ChosenLetter } from './replays.dto.ts';

// A preview keeps the chosen letters in memory.
const maxBytes = 32 * 1024 * 1024;

interface Row {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly bytes: string;
}

/** Knows which dead letters are of an org. */
@Injectable()
export class ChosenLetters {
  constructor(private readonly stored: Stored) {}

  /** Throws Problem unless all letters are of the org, and few enough to be held in memory. */
  async require(sourceOrg: string, letters: readonly ChosenLetter[]): Promise<void> {
    const rows = await this.stored.read((manager) =>
      manager
        .createQueryBuilder(HistoryRecord, 'record')
        .select(['record.topic AS topic', 'record.partition AS `partition`', 'record.offset AS `offset`'])
        .addSelect('COALESCE(OCTET_LENGTH(record.value), 0) + OCTET_LENGTH(record.headers)', 'bytes')
        .where('record.sourceOrg = :sourceOrg AND record.kind = :kind', { sourceOrg, kind: 'dead-letter' })
        .andWhere(new Brackets((where) => atPlaces(where, letters)))
        .getRawMany<Row>(),
    );
    const known = new Set(rows.map((row) => placeOf({ ...row, offset: Number(row.offset) })));
    const unknown = letters.find((letter) => !known.has(placeOf(letter)));
    if (unknown) {
      const detail = `${sourceOrg} has no dead letter ${placeOf(unknown)}. Nothing was read or sent.`;
      throw new Problem({ ...problems['dead-letter-unknown'], detail });
    }
    if (rows.reduce((sum, { bytes }) => sum + Number(bytes), 0) > maxBytes) {
      const why = 'These dead letters are larger than 32 MiB together. Nothing was read. Select fewer.';
      throw leftToCommand(problems['dead-letters-too-large'], why, letters);
    }
  }
}

// An index serves these conditions on MySQL and MariaDB alike, as it does not for a list of rows.
function atPlaces(where: WhereExpressionBuilder, letters: readonly ChosenLetter[]): void {
  const byPartition = Map.groupBy(letters, ({ topic, partition }) => `${topic}/${partition}`);
  for (const [n, its] of [...byPartition.values()].entries()) {
    const [{ topic, partition } = { topic: '', partition: 0 }] = its;
    where.orWhere(
      `record.topic = :topic${n} AND record.partition = :partition${n} AND record.offset IN (:...offsets${n})`,
      {
        [`topic${n}`]: topic,
        [`partition${n}`]: partition,
        [`offsets${n}`]: its.map(({ offset }) => offset),
      },
    );
  }
}

/** Returns a refusal whose cure is the command that needs no service, and has no such bounds. */
export function leftToCommand(kind: ProblemKind, why: string, [first]: readonly ChosenLetter[]): Problem {
  const detail = `${why} The command pagebridge dead-letters --kafka has no such limit.`;
  const errors = [{ field: 'letters', message: detail, ...(first ? { cure: commandFor(first) } : {}) }];
  return new Problem({ ...kind, detail, errors });
}
