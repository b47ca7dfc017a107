import { Link } from '@tanstack/react-router';
import { fragmentOf } from '../explain/fragment.ts';

/** A handle, with `@oncall-`, that opens Explain with itself: whom does it page? */
export const ExplainLink = ({ org, handle }: { readonly org: string; readonly handle: string }) => (
  <Link to="/o/$org/explain" params={{ org }} hash={fragmentOf(handle)} className="mono">
    {handle}
  </Link>
);
