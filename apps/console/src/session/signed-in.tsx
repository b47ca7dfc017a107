import { Notice } from '../look/notice/notice.tsx';

/** Where a login in a new tab ends. */
export function SignedIn() {
  return <Notice>You are signed in. Close this tab and return to the previous one.</Notice>;
}
