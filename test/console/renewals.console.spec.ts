import { describeRenewals } from './renewals.features.ts';

describeRenewals({ tokenSeconds: 15, lives: 4 });
