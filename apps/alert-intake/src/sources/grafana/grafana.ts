import { entriesOf, textOf } from '../../alerts/fields.ts';
import { linksOf } from '../../alerts/links.ts';
import type { Complaint, Reading } from '../../alerts/source-alert.ts';
import { plain } from '../../alerts/text.ts';
import { commonParts, readGroup } from '../group.ts';

const cure = 'Remove the custom payload of the contact point, so that Grafana sends its default body.';
const links = [
  ['Dashboard', 'dashboardURL'],
  ['Panel', 'panelURL'],
  ['Silence', 'silenceURL'],
  ['Image', 'imageURL'],
] as const;

/**
 * Reads a request of a Grafana webhook. No data is an alert of its own to Grafana, with another name, whose recovery is no proof of
 * health.
 */
export const readGrafana = (body: unknown): Reading | Complaint =>
  readGroup(body, cure, () => (member) => {
    const { fields, labels, annotations } = member;
    const common = commonParts(member);
    const rule = textOf(fields, 'ruleUID');
    const isNoData = common.says.state === 'firing' && labels.alertname === 'DatasourceNoData';
    const own = links.map(([title, name]) => ({ title, url: textOf(fields, name) ?? '' }));
    return {
      ...common,
      ...(isNoData ? { says: { ...common.says, as: 'no-data' as const } } : {}),
      title: annotations.summary ?? labels.rulename ?? common.title,
      facts: [...common.facts, ...entriesOf(fields.values).map(([name, value]) => `${name}=${plain(value, 10)}`)],
      tags: rule === undefined ? common.tags : [...common.tags, `rule:${rule}`],
      links: [...common.links, ...linksOf(own)],
    };
  });
