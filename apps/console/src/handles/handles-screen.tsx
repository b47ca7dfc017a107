import { getRouteApi } from '@tanstack/react-router';
import { AllHandles } from './all-handles.tsx';
import { Changes } from './changes.tsx';
import { Conflicts } from './conflicts.tsx';

const route = getRouteApi('/o/$org/handles');

/** The handles of an org: all of them, those in conflict, or what has changed. */
export function HandlesScreen() {
  const { view } = route.useSearch();
  if (view === 'conflicts') return <Conflicts />;
  return view === 'changes' ? <Changes /> : <AllHandles />;
}
