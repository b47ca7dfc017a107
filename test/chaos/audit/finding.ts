export type FindingKind =
  | 'lost'
  | 'duplicateUntagged'
  | 'duplicateTagged'
  | 'orderViolation'
  | 'unroutedWrongly'
  | 'hostileUnaccounted';

/** A promise that was not kept (or, of `duplicateTagged`, a page that says of itself that it may be the second one). */
export interface Finding {
  readonly kind: FindingKind;
  /** The rule of the README that it breaks. */
  readonly rule: string;
  /** Alert identity, `<sourceOrg>/<alertKey>`; '' where it is not known. */
  readonly key: string;
  /** Id of the alert event or of the page. */
  readonly id: string;
  readonly detail: string;
}
