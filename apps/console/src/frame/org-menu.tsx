import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { meQuery } from '../session/me.ts';

// A longer list is for the screen of all orgs.
const most = 10;

/** The source org of the screen, and the way to the others of the person. */
export function OrgMenu() {
  const { org } = useParams({ strict: false });
  const { data: me } = useQuery(meQuery);
  const orgs = (me?.grants ?? []).map(({ sourceOrg }) => sourceOrg).filter((name) => name !== '*' && name !== org);
  return (
    <Menu>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} aria-hidden />}>
          <span className="visually-hidden">Source org: </span>
          {org ?? 'Choose an org'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {orgs.slice(0, most).map((name) => (
          <Menu.Item key={name} renderRoot={(its) => <Link to="/o/$org/connections" params={{ org: name }} {...its} />}>
            {name}
          </Menu.Item>
        ))}
        <Menu.Item renderRoot={(its) => <Link to="/orgs" {...its} />}>All my orgs</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
