import { describe, expect, it } from '@jest/globals';
import { queryKeyOf } from '../api/query-key.ts';
import { isAbout } from './is-about.ts';

const org = 'acme-us';
const trace = queryKeyOf('page-history', 'trace', org, { alert: 'monitor-4' });
const read = { alertKey: 'monitor-4' };

describe('news', () => {
  it('change every list of their org, and none of another', () => {
    const news = [{ org, alertKey: 'monitor-9' }];
    expect(isAbout(news, ['page-history', 'alerts', org, {}], {})).toBe(true);
    expect(isAbout(news, ['page-history', 'alerts', 'initech-us', {}], {})).toBe(false);
  });

  it('change the trace of their alert; those of a connection, and of a stream that begins, any', () => {
    expect(isAbout([{ org, alertKey: 'monitor-4' }], trace, read)).toBe(true);
    expect(isAbout([{ org, alertKey: 'monitor-9' }], trace, read)).toBe(false);
    expect(isAbout([{ org, connectionId: '1' }], trace, read)).toBe(true);
    expect(isAbout([{ org }], trace, read)).toBe(true);
  });

  it('change nothing if they only say whether there will be any', () => {
    expect(isAbout([{ org, isLive: true }], trace, read)).toBe(false);
  });
});
