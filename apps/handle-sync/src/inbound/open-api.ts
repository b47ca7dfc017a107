import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge handle sync',
  description: 'The on-call handles that a source org can mention, according to the last sync of its destinations.',
};
