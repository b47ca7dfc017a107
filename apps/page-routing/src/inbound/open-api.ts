import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge page routing',
  description: 'Explains how an alert would be routed, and lists handles of a source org that several teams claim.',
};
