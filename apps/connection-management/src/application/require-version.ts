import { Problem } from '@pagebridge/service';
import { entityTag, judgeIfMatch } from '../domain/entity-tag.ts';
import { problems } from './problems.ts';

/** Throws unless `If-Match` allows a change of this version. */
export function requireVersion(ifMatch: string | undefined, version: number, stateRevision = 0): void {
  const precondition = judgeIfMatch(ifMatch, version);
  if (precondition === 'holds') return;
  const { message, cure, detail } = unmet(entityTag(version, stateRevision))[precondition];
  const errors = [{ field: 'if-match', message, cure }];
  throw new Problem({ ...problems[`if-match-${precondition}`], detail, errors });
}

const unmet = (tag: string) => {
  const asReceived = `Send the ETag exactly as received, with its quotes: ${tag}.`;
  return {
    missing: {
      detail: 'The request has no If-Match header with the version to change.',
      message: 'if-match is missing',
      cure: 'Read the resource, and send its ETag as If-Match.',
    },
    malformed: {
      detail: `If-Match does not contain an entity tag. ${asReceived}`,
      message: 'if-match must be an entity tag in quotes, a list of them, or *',
      cure: asReceived,
    },
    stale: {
      detail: 'The resource was changed after you read it. Nothing was stored.',
      message: 'if-match does not match the current version',
      cure: `Read the resource again and repeat the change; its ETag is now ${tag}.`,
    },
  };
};
