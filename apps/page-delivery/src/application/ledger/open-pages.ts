import type { AlertState, PageState } from '@pagebridge/contracts';

/** The pages of a partition that are open in their destinations. */
export class OpenPages {
  /** The keys of the alerts, by connection, then by the destination's id of the page. */
  private readonly keys = new Map<string, Map<string, string>>();
  private readonly sum = { open: 0, acknowledged: 0 };

  get total(): Readonly<Record<'open' | 'acknowledged', number>> {
    return this.sum;
  }

  get connectionIds(): Iterable<string> {
    return this.keys.keys();
  }

  keyOf(connectionId: string, destinationPageId: string): string | undefined {
    return this.keys.get(connectionId)?.get(destinationPageId);
  }

  /** Follows a change of an alert; undefined for an alert that is not known, or not any more. */
  changed(key: string, before: AlertState | undefined, after: AlertState | undefined): void {
    for (const page of openOf(before)) this.remove(page);
    for (const page of openOf(after)) this.add(key, page);
  }

  private add(key: string, { connectionId, destinationPageId, acknowledged }: PageState): void {
    if (!destinationPageId || this.keyOf(connectionId, destinationPageId) !== undefined) return;
    const keys = this.keys.get(connectionId) ?? new Map<string, string>();
    this.keys.set(connectionId, keys.set(destinationPageId, key));
    this.count(1, acknowledged);
  }

  private remove({ connectionId, destinationPageId = '', acknowledged }: PageState): void {
    const keys = this.keys.get(connectionId);
    if (!keys?.delete(destinationPageId)) return;
    if (keys.size === 0) this.keys.delete(connectionId);
    this.count(-1, acknowledged);
  }

  private count(by: number, acknowledged: PageState['acknowledged']): void {
    this.sum.open += by;
    if (acknowledged) this.sum.acknowledged += by;
  }
}

const openOf = (alert: AlertState | undefined): PageState[] =>
  alert?.pages.filter(({ status }) => status === 'delivered') ?? [];
