import { describeRenewals } from './renewals.fixtures.ts';

describeRenewals({ tokenSeconds: 15, lives: 4 });
