import { textOf } from '../../alerts/fields.ts';
import { linksOf } from '../../alerts/links.ts';
import type { Complaint, Reading } from '../../alerts/source-alert.ts';
import { commonParts, readGroup } from '../group.ts';

const cure = 'Remove payload from the webhook_config, so that Alertmanager sends its default body.';

/** Reads a request of an Alertmanager webhook (versions 0.19 to 0.34). */
export const readAlertmanager = (body: unknown): Reading | Complaint =>
  readGroup(body, cure, (group) => {
    const shared = linksOf([{ title: 'Alertmanager', url: textOf(group, 'externalURL') ?? '' }]);
    return (member) => {
      const common = commonParts(member);
      return { ...common, links: [...common.links, ...shared] };
    };
  });
