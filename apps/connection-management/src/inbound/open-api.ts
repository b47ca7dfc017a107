import type { OpenApiInfo } from '@pagebridge/service';
import { ProblemAnswer } from './dto/problem-answer.ts';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge connection management',
  description:
    'Manages the connections of source orgs to destination orgs: their keys, status and audit. ' +
    'Errors are problem+json (RFC 9457) and name the field and the cure. No answer contains keys.',
  problem: ProblemAnswer,
};
