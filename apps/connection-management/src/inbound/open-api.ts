import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge connection management',
  description:
    'Connections of a source org to destination orgs: which keys, whether they work, and what was changed. ' +
    'Errors are problem+json (RFC 9457) naming the field and the cure. Keys go in and never come out.',
};
