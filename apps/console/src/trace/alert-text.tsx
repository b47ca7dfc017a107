import type { JudgedEvent } from '@pagebridge/trace/words';
import { AsRead } from '../explain/as-read.tsx';
import classes from './trace.module.css';

type Alert = NonNullable<JudgedEvent['alert']>['alert'];

/** What the source org wrote into an alert: its message with the handles in it, its tags and its links. */
export function AlertText({ alert: { message, tags = [], links = [] } }: { readonly alert: Alert }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled with the keyboard, too
    <section aria-label="Alert" tabIndex={0} className={classes.alert}>
      {message ? <AsRead text={message} decisions={[]} /> : <p className="dim">The alert has no message.</p>}
      {tags.length > 0 && (
        <p className="row">
          {tags.map((tag) => (
            <code key={tag}>{tag}</code>
          ))}
        </p>
      )}
      {links.length > 0 && (
        <p className="row">
          {links.map(({ title, url }) => (
            <a key={url} href={url} target="_blank" rel="noopener noreferrer">
              <bdi>{title}</bdi>
            </a>
          ))}
        </p>
      )}
    </section>
  );
}

/** Returns the events whose text is shown: those that may page, unless their text is that of the event before. */
export function withText(events: readonly JudgedEvent[]): ReadonlySet<JudgedEvent> {
  const its = events.filter(({ alert, isRecovery, handles }) => alert && (!isRecovery || handles.length > 0));
  const textOf = ({ alert }: JudgedEvent) =>
    JSON.stringify([alert?.alert.message, alert?.alert.tags, alert?.alert.links]);
  return new Set(its.filter((event, index) => index === 0 || textOf(event) !== textOf(its[index - 1] as JudgedEvent)));
}
