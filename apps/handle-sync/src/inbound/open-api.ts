import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge handle sync',
  description: 'The on-call handles that a source org can mention, as its destinations last showed them.',
};
