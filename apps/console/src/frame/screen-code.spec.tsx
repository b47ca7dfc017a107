import { describe, expect, it, jest } from '@jest/globals';
import { screen } from '@testing-library/react';
import { browser } from '../browser.ts';

const code = { isThere: false };
const Trace = () => 'The trace.';
jest.unstable_mockModule('../trace/trace-screen.tsx', () => {
  if (!code.isThere) throw new TypeError('Failed to fetch dynamically imported module: /assets/trace-screen.js');
  return { TraceScreen: Trace };
});
const { openConsole } = await import('../console.fixtures.tsx');

describe('a screen whose code cannot be loaded', () => {
  it('says so instead of reloading by itself, and opens once a further try finds the code', async () => {
    const reload = jest.spyOn(browser, 'reload').mockReturnValue();
    const { user } = openConsole('/o/acme-us/trace?alert=monitor-1');
    await screen.findByText(/^This screen could not be loaded: the console was updated, or this browser is offline/);
    expect(screen.queryByText(/bug in the console/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Reload' }));
    expect(reload).toHaveBeenCalledTimes(1);
    code.isThere = true;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('The trace.');
  });
});
