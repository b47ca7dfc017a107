import { listProblems } from '@pagebridge/service';

export const problems = listProblems({
  'page-unknown': [404, 'Page unknown'],
  'too-many-streams': [429, 'Too many streams'],
});
