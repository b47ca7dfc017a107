import type { OpenApiInfo } from '@pagebridge/service';
import { ProblemAnswer } from './dto/problem-answer.ts';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge connection management',
  description:
    'Manages connections of source orgs to destination orgs, with their keys, status and audit. ' +
    'Errors are problem+json (RFC 9457) with the invalid field and the cure. Responses never contain keys.',
  problem: ProblemAnswer,
};
