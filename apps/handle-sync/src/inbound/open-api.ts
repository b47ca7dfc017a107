import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge handle sync',
  description:
    'Lists the on-call handles that a source org can mention, according to the last sync of its destinations.',
};
