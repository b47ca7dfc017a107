import { Link } from '@tanstack/react-router';
import { Notice } from '../look/notice/notice.tsx';

export function NoSuchPage() {
  return <Notice actions={<Link to="/">Start</Link>}>There is no such page in the console.</Notice>;
}
