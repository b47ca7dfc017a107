import { expect, it } from '@jest/globals';
import { screen } from '@testing-library/react';
import { openConsole } from '../console.fixtures.tsx';

it('the line above the alerts says what the list shows, and is read out only when rows are new', async () => {
  openConsole('/o/acme-us/alerts');
  const line = await screen.findByText('1 alert, latest first');
  expect(line.closest('[role="status"]')).toBeNull();
});
