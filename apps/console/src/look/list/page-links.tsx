import { Link } from '@tanstack/react-router';
import { cursorIn } from './cursor.ts';

interface PageLinksProps {
  /** The filter `after` of the screen. */
  readonly after: string | undefined;
  /** The path of the next page, as the service gives it. */
  readonly next: string | null;
}

/** The links to the first and the next page of a list; nothing for a list of one page. The cursor is a filter: `after`. */
export function PageLinks({ after, next }: PageLinksProps) {
  const cursor = cursorIn(next);
  if (after === undefined && cursor === undefined) return null;
  return (
    <nav aria-label="Pages of the list" className="row">
      {after !== undefined && (
        <Link to="." search={(former) => ({ ...former, after: undefined })} activeOptions={{ exact: true }}>
          First page
        </Link>
      )}
      {cursor !== undefined && (
        <Link to="." search={(former) => ({ ...former, after: cursor })}>
          Next page
        </Link>
      )}
    </nav>
  );
}
