import { describeRenewals } from './renewals.fixtures.ts';

// Each life is 55 s at least: ten minutes together.
describeRenewals({ tokenSeconds: 60, lives: 11 });
