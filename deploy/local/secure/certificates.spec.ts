import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { folderOf } from '../folder.ts';
import { certificateFiles, makeCertificates } from './certificates.ts';

const folder = { ...folderOf('certificates'), path: mkdtempSync(join(tmpdir(), 'certificates-')) };
const certificateOf = (name: string) => new X509Certificate(readFileSync(certificateFiles(folder, name).cert));
const serials = () => ['ca', 'broker', 'page-routing'].map((name) => certificateOf(name).serialNumber);

let before: string[];
beforeEach(async () => {
  await makeCertificates(folder, ['page-routing']);
  before = serials();
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder.path, { recursive: true });
});

const inDays = (days: number) => jest.spyOn(Date, 'now').mockReturnValue(Date.now() + days * 24 * 60 * 60 * 1000);

it('a secure stack keeps its certificates', async () => {
  inDays(300);
  await makeCertificates(folder, ['page-routing']);
  expect(serials()).toEqual(before);
});

it('a secure stack renews certificates in their last month, with the same CA', async () => {
  inDays(340);
  await makeCertificates(folder, ['page-routing']);
  const [ca, ...issued] = serials();
  expect(ca).toBe(before[0]);
  for (const serial of issued) expect(before).not.toContain(serial);
  expect(certificateOf('broker').verify(certificateOf('ca').publicKey)).toBe(true);
});

it('a secure stack renews a CA in its last month, with all certificates that it has signed', async () => {
  inDays(3640);
  await makeCertificates(folder, ['page-routing']);
  for (const serial of serials()) expect(before).not.toContain(serial);
  expect(certificateOf('broker').verify(certificateOf('ca').publicKey)).toBe(true);
});

it('a server certificate has the host names of the server, and a client certificate the name of the client', () => {
  expect(certificateOf('database').checkHost('localhost')).toBe('localhost');
  expect(certificateOf('broker').checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificateOf('page-routing').subject).toBe('CN=page-routing');
});
