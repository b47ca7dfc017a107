import { isFields, textOf } from '../../alerts/fields.ts';
import type { Reading } from '../../alerts/source-alert.ts';
import { plain } from '../../alerts/text.ts';
import { commonParts, readGroup } from '../alertmanager/group.ts';

const cure = 'Leave the custom payload of the contact point empty, so that Grafana sends its usual body.';
const links = [
  ['Dashboard', 'dashboardURL'],
  ['Panel', 'panelURL'],
  ['Silence', 'silenceURL'],
  ['Image', 'imageURL'],
] as const;

/**
 * Reads a request of a Grafana webhook. No data is an alert of its own to Grafana, with another name, whose recovery is no proof of
 * health. Throws a Problem for another body.
 */
export const readGrafana = (body: unknown): Reading =>
  readGroup(body, cure, (member) => {
    const { fields, labels, annotations } = member;
    const common = commonParts(member);
    const rule = textOf(fields, 'ruleUID');
    const values = isFields(fields.values)
      ? Object.entries(fields.values).map(([name, value]) => `${name}=${plain(value)}`)
      : [];
    const isNoData = labels.alertname === 'DatasourceNoData';
    return {
      ...common,
      ...(isNoData ? { transition: 'no-data' as const } : {}),
      title: annotations.summary ?? labels.rulename ?? common.title,
      facts: [...common.facts, ...values],
      tags: rule === undefined ? common.tags : [...common.tags, `rule:${rule}`],
      links: [...common.links, ...links.map(([title, name]) => ({ title, url: textOf(fields, name) ?? '' }))],
    };
  });
