import { useNow } from './clock.ts';
import { ago, clockTime } from './times.ts';
import { useZone } from './zone.ts';

interface TimeProps {
  /** RFC 3339, or milliseconds. */
  readonly at: string | number;
  /** `ago`: relative if younger than a day. `clock`: the time of day, with the date if it is not today's. */
  readonly as?: 'ago' | 'clock';
}

const dayMs = 86_400_000;

/** A time in the chosen zone; the exact time in UTC is its title. The only place where a time becomes text. */
export function Time({ at, as = 'clock' }: TimeProps) {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(ms)) return <span>unknown</span>;
  const iso = new Date(ms).toISOString();
  return (
    <time dateTime={iso} title={iso}>
      {as === 'ago' ? <Ago ms={ms} /> : <Clock ms={ms} now={Date.now()} />}
    </time>
  );
}

/** Written anew each second, as a time of day is not. */
function Ago({ ms }: { readonly ms: number }) {
  const now = useNow();
  return Math.abs(now - ms) < dayMs ? ago(ms, now) : <Clock ms={ms} now={now} />;
}

function Clock({ ms, now }: { readonly ms: number; readonly now: number }) {
  const [zone] = useZone();
  return clockTime(ms, now, zone);
}
