import { namespace } from '../chart/render.ts';
import { absent, becomes, type Fault, fault } from './fault.ts';

const ages = { 'where the history stays behind': 300, 'where no instance reads the topics': -1 };

/** What goes wrong with page-history, while pages are delivered. */
export const historyFaults: readonly Fault[] = [
  ...Object.entries(ages).map(([title, age]) =>
    fault(
      'warning',
      'PagebridgeHistoryBehind',
      title,
      'page-history',
      { pagebridge_history_age_seconds: becomes(age, 2) },
      { namespace, service: 'page-history' },
    ),
  ),
  absent('warning', 'PagebridgeHistoryBehind', 'page-history'),
];
