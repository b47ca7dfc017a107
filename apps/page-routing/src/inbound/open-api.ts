import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge page routing',
  description: 'What would become of an alert, and which handles of a source org are in conflict.',
};
