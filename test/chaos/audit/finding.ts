export type FindingKind =
  | 'lost'
  | 'duplicateUntagged'
  | 'duplicateTagged'
  | 'orderViolation'
  | 'unroutedWrongly'
  | 'tracedWrongly'
  | 'joinedClosed'
  | 'hostileUnaccounted';

/** A broken promise, or with `duplicateTagged` a page with the tag of a possible duplicate. */
export interface Finding {
  readonly kind: FindingKind;
  /** The broken rule of the README. */
  readonly rule: string;
  /** The alert identity, `<sourceOrg>/<alertKey>`; empty if unknown. */
  readonly key: string;
  /** The id of the alert event or of the page. */
  readonly id: string;
  readonly detail: string;
}
