/** The fields of the answer to Add Connection that the story checks. */
export interface ConnectionAnswer {
  readonly id: string;
  readonly checks?: readonly CheckAnswer[];
}

export interface CheckAnswer {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'unknown' | 'skipped';
  readonly detail: string;
  readonly cure?: string;
}

/** Returns the checks of a credential, accepted or refused. */
export const checksOf = (answer: ConnectionAnswer): readonly CheckAnswer[] => answer.checks ?? [];
