import type { Alert, PageCommand } from '@pagebridge/contracts';
import { handleOf, mentionsIn } from '@pagebridge/vocabulary';
import type { History } from './history.ts';

/**
 * Returns the distinct handles of an alert. The load never puts punctuation behind a handle, so each mention is a handle.
 * Hostile texts name no handle in two spellings.
 */
export const handlesOf = ({ message, recipients = [] }: Alert): string[] => [
  ...new Set(mentionsIn([message, ...recipients.map((it) => `@${it}`)].join(' ')).map(handleOf)),
];

/** Returns whether an alert resolves its pages. A recovery does, whatever handles it names; a manual alert is refused. */
export const endsPages = ({ transition, origin }: Alert): boolean => transition === 'recovered' && origin !== 'manual';

/** Returns the effects that an alert must have: its handles, or the end of its pages. */
export const askedOf = (alert: Alert): string[] => (endsPages(alert) ? ['resolve'] : handlesOf(alert));

/** The records that page-routing wrote for each handle of an alert. */
export class Answers {
  readonly #pages = new Map<string, PageCommand[]>();
  readonly #unrouted = new Set<string>();
  readonly #resolves = new Set<string>();

  constructor({ commands, unrouted }: History) {
    for (const { data } of commands) {
      if (data.kind === 'resolve') this.#resolves.add(data.alertEventId);
      else for (const handle of [data.handle, ...unknownOn(data)]) this.#add(data, handle);
    }
    for (const { data } of unrouted) this.#unrouted.add(`${data.alertEventId} ${data.handle}`);
  }

  /** Returns the page commands of an alert for this handle. */
  pages(eventId: string, handle: string): readonly PageCommand[] {
    return this.#pages.get(`${eventId} ${handle}`) ?? [];
  }

  isUnrouted(eventId: string, handle: string): boolean {
    return this.#unrouted.has(`${eventId} ${handle}`);
  }

  isAnswered(eventId: string, asked: string): boolean {
    if (asked === 'resolve') return this.#resolves.has(eventId);
    return this.isUnrouted(eventId, asked) || this.pages(eventId, asked).length > 0;
  }

  #add(command: PageCommand, handle: string): void {
    const key = `${command.alertEventId} ${handle}`;
    this.#pages.set(key, [...(this.#pages.get(key) ?? []), command]);
  }
}

/** Returns unknown handles without their own command: the note of this page names them, because it pages their fallback. */
function unknownOn({ description, handle }: PageCommand): string[] {
  const [note, rest] = description.split(' unknown in source org ', 2);
  if (note === undefined || rest === undefined) return [];
  const named = mentionsIn(note.replaceAll(/ \(nearest known: [^)]*\)/g, '')).map(handleOf);
  return named.filter((name) => name !== handle);
}
