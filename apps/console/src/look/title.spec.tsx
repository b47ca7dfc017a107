import { describe, expect, it } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { openConsole } from '../console.fixtures.tsx';

describe('a screen that is opened from another', () => {
  it('takes the focus to its head, so that it is read out and Tab goes on in it', async () => {
    const { user } = openConsole('/o/acme-us/connections');
    await screen.findByRole('heading', { name: 'Connections' });
    const [handles] = await screen.findAllByRole('link', { name: 'Handles' });
    await user.click(handles as HTMLElement);
    const head = await screen.findByRole('heading', { name: 'Handles' });
    await waitFor(() => expect(document.activeElement).toBe(head));
  });
});
