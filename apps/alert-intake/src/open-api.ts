import type { OpenApiInfo } from '@pagebridge/service';

export const openApi: OpenApiInfo = {
  title: 'Pagebridge alert intake',
  description:
    'Receives alerts in the formats of alerting systems, with the token of an integration, and sends test pages.',
};
