import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge page history',
  description: 'Lists the alerts of a source org, the teams that they paged, the reasons, and the states of the pages.',
};
