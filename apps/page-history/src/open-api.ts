import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge page history',
  description: 'The alerts of a source org, whom they paged and why, and what became of the pages.',
};
