import type { ListPlace, SearchHit } from '@pagebridge/handle-registry';
import { invalid } from '@pagebridge/service';

/** Returns the cursor that continues the list after a handle. */
export const cursorOf = ({ teamHandle, teamId, connection }: SearchHit): string =>
  Buffer.from(JSON.stringify([teamHandle, connection.connectionId, teamId])).toString('base64url');

/** Returns the position in a cursor. Throws a 400 if this list did not create it. */
export function placeIn(cursor: string): ListPlace {
  const [teamHandle, connectionId, teamId] = textsIn(cursor);
  if (teamHandle !== undefined && connectionId !== undefined && teamId !== undefined) {
    return { teamHandle, connectionId, teamId };
  }
  const message = 'cursor is not from a `next` link of this list';
  throw invalid([{ field: 'cursor', message, cure: 'Follow the `next` link.' }]);
}

function textsIn(cursor: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : [];
  } catch {
    return [];
  }
}
