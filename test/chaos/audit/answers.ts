import type { Alert, PageCommand } from '@pagebridge/contracts';
import { handleOf, mentionsIn } from '@pagebridge/vocabulary';
import type { History } from './history.ts';

/** The distinct handles that an alert asks for. The load ends none with a punctuation mark, so a mention is a handle. */
export const handlesOf = (alert: Alert): string[] => mentionsIn(alert.message).map(handleOf);

/** A recovery is for the pages of its alert, whatever handles it names; a manual one is refused handle by handle. */
export const endsPages = ({ transition, origin }: Alert): boolean => transition === 'recovered' && origin !== 'manual';

/** What an alert asks for: its handles, or the end of its pages. */
export const askedOf = (alert: Alert): string[] => (endsPages(alert) ? ['resolve'] : handlesOf(alert));

/** What routing said to each thing that an alert asked for. */
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

  /** Page commands of an alert that answer this handle. */
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

/** Handles that have no command of their own, since their fallback is a team that this one pages: its note names them. */
function unknownOn({ description, handle }: PageCommand): string[] {
  const [note, rest] = description.split(' unknown in source org ', 2);
  if (note === undefined || rest === undefined) return [];
  const named = mentionsIn(note.replaceAll(/ \(nearest known: [^)]*\)/g, '')).map(handleOf);
  return named.filter((name) => name !== handle);
}
