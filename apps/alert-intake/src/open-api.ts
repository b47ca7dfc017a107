import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge alert intake',
  description:
    'Takes alerts as alerting systems send them, each with the token of an integration; and sends test pages for people.',
};
