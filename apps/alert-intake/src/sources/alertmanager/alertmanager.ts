import { textOf } from '../../alerts/fields.ts';
import type { Reading } from '../../alerts/source-alert.ts';
import { commonParts, readGroup } from './group.ts';

const cure = 'Leave payload of the webhook_config unset, so that Alertmanager sends its usual body.';

/** Reads a request of an Alertmanager webhook (versions 0.19 to 0.34). Throws a Problem for another body. */
export const readAlertmanager = (body: unknown): Reading =>
  readGroup(body, cure, (member, group) => {
    const common = commonParts(member);
    return { ...common, links: [...common.links, { title: 'Alertmanager', url: textOf(group, 'externalURL') ?? '' }] };
  });
