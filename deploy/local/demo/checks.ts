/** What of an answer to Add Connection the story reads. */
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

/** The checks of a credential, whether it was taken or refused. */
export const checksOf = (answer: ConnectionAnswer): readonly CheckAnswer[] => answer.checks ?? [];
