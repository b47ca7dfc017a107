import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { meQuery } from '../session/me.ts';
import { heldIn } from '../session/permissions.ts';
import classes from './frame.module.css';
import { screens } from './screens.ts';

/** The screens of an org. Those that the person may never see are left out, once that is known. */
export function Navigation({ org }: { readonly org: string }) {
  const { data: me } = useQuery(meQuery);
  const held = me && heldIn(me, org);
  const seen = screens.filter(({ needs }) => !held || held.includes(needs));
  const { pathname } = useLocation();
  const more = seen.filter(({ isMore }) => isMore);
  const isHere = more.some(({ to }) => pathname.startsWith(to.replace('$org', org)));
  return (
    <nav aria-label="Screens" className={classes.nav}>
      {seen
        .filter(({ isMore }) => !isMore)
        .map(({ name, to }) => (
          <Link key={to} to={to} params={{ org }} className={classes.link} activeProps={{ className: classes.here }}>
            {name}
          </Link>
        ))}
      <Menu>
        <Menu.Target>
          <Button
            variant="subtle"
            color="var(--text)"
            className={isHere ? classes.here : undefined}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {more.map(({ name, to }) => (
            <Menu.Item key={to} renderRoot={(its) => <Link to={to} params={{ org }} {...its} />}>
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
