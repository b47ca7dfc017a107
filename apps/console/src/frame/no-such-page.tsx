import { Link } from '@tanstack/react-router';
import { Notice } from '../look/notice/notice.tsx';

export function NoSuchPage() {
  return <Notice actions={<Link to="/">Start</Link>}>Page not found.</Notice>;
}
