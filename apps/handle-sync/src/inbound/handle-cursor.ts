import type { ListPlace, SearchHit } from '@pagebridge/handle-registry';
import { invalid } from '@pagebridge/service';

/** What goes on after a handle of the list. */
export const cursorOf = ({ teamHandle, teamId, connection }: SearchHit): string =>
  Buffer.from(JSON.stringify([teamHandle, connection.connectionId, teamId])).toString('base64url');

/** The place that a cursor means; one that this list did not give out is refused, and one of all handles with a query. */
export function placeIn(cursor: string, query: string): ListPlace {
  const [teamHandle, connectionId, teamId] = query === '' ? textsIn(cursor) : [];
  if (teamHandle !== undefined && connectionId !== undefined && teamId !== undefined) {
    return { teamHandle, connectionId, teamId };
  }
  const message = 'cursor is not one that this list gave out';
  throw invalid([{ field: 'cursor', message, cure: 'Follow the `next` link, which has no query.' }]);
}

function textsIn(cursor: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : [];
  } catch {
    // Not JSON is not ours, and refused as any other.
    return [];
  }
}
