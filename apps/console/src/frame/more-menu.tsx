import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Screen } from './screens.ts';

/** The screens that are needed less often. */
export function MoreMenu({ org, screens }: { readonly org: string; readonly screens: readonly Screen[] }) {
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" color="var(--text)" rightSection={<IconChevronDown size={14} aria-hidden />}>
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {screens.map(({ name, to }) => (
          <Menu.Item key={to} renderRoot={(its) => <Link to={to} params={{ org }} {...its} />}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
