import {
  IconAlertTriangle,
  IconArrowBarToDown,
  IconCheck,
  IconCircleMinus,
  IconCircles,
  IconEqual,
  IconHelp,
  IconHourglass,
  IconSquareX,
  type TablerIcon,
} from '@tabler/icons-react';
import classes from './state-mark.module.css';

type Tone = 'good' | 'bad' | 'waiting' | 'ended' | 'note';

/** Every state that the console shows: one icon, word and colour each. The outlines differ, so that grey print tells them apart. */
const states = {
  active: [IconCheck, 'Active', 'good'],
  passed: [IconCheck, 'Passed', 'good'],
  paged: [IconCheck, 'Paged', 'good'],
  failing: [IconSquareX, 'Failing', 'bad'],
  failed: [IconSquareX, 'Failed', 'bad'],
  'not-paged': [IconSquareX, 'Pages nobody', 'bad'],
  waiting: [IconHourglass, 'Waiting', 'waiting'],
  joined: [IconCircles, 'Joined', 'note'],
  resolved: [IconEqual, 'Resolves', 'ended'],
  disabled: [IconCircleMinus, 'Disabled', 'ended'],
  skipped: [IconCircleMinus, 'Skipped', 'ended'],
  revoked: [IconCircleMinus, 'Revoked', 'ended'],
  expired: [IconCircleMinus, 'Expired', 'ended'],
  unknown: [IconHelp, 'Unknown', 'note'],
  deleting: [IconArrowBarToDown, 'Being deleted', 'waiting'],
  warning: [IconAlertTriangle, 'Warning', 'waiting'],
} as const satisfies Record<string, readonly [TablerIcon, string, Tone]>;
export type State = keyof typeof states;

/** The usual word for a state. */
export const wordOf = (state: State): string => states[state][1];

/** A state as icon, word and colour; `word` replaces the usual word. */
export function StateMark({ state, word }: { readonly state: State; readonly word?: string }) {
  const [Icon, usual, tone] = states[state];
  return (
    <span className={`${classes.mark} ${classes[tone]}`} data-state={state}>
      <Icon size={16} stroke={2} aria-hidden />
      {word ?? usual}
    </span>
  );
}
