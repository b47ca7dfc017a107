import { describe, expect, it } from '@jest/globals';
import { Problem, type ProblemKind, serviceProblems } from '@pagebridge/service';
import { intakeProblems } from '../problems.ts';
import { answerOf } from './answers.ts';

const ended = (kind: ProblemKind) => answerOf(new Problem({ ...kind, detail: '' }));

describe('a request is counted', () => {
  it.each([
    ['not-understood', intakeProblems['not-understood']],
    ['not-understood', serviceProblems['body-too-large']],
    ['unauthorized', intakeProblems['integration-gone']],
    ['shed', intakeProblems.overloaded],
    ['shed', intakeProblems['too-many-requests']],
    ['shed', serviceProblems['not-ready']],
    ['held-too-long', intakeProblems['kafka-away']],
  ])('as %s if its problem is $code', (answer, kind) => {
    expect(ended(kind)).toBe(answer);
  });

  it('as failed if nobody expected its error', () => {
    expect(answerOf(new Error('a defect'))).toBe('failed');
  });
});
