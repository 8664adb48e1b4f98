import { SetupError } from './setup-error.js';

type Fault = Error & { readonly code?: string; readonly syscall?: string; readonly path?: string; readonly address?: string; readonly port?: number; readonly safeMessage?: boolean };

const LISTENING: Readonly<Record<string, (at: string) => string>> = {
  EADDRINUSE: (at) => `${at} is taken: end what listens there, or start with --port N (0 takes a free one).`,
  EADDRNOTAVAIL: (at) => `${at} is no address of this machine: set HOST to one, or leave it out.`,
  EACCES: (at) => `${at} may not be listened at by this user: take a port above 1023 with --port N.`,
};

const WRITING: Readonly<Record<string, string>> = {
  EACCES: 'this user may not', EPERM: 'this user may not', EROFS: 'the file system is read-only', ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file', EEXIST: 'there is a file in its place', EISDIR: 'there is a folder in its place',
};

// What PostgreSQL or the network answers to a connection that cannot be: SQLSTATE classes 08, 28 and 3D.
const CONNECTING = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|08\w{3}|28\w{3}|3D\w{3})$/;

/** The sentence for a fault that a person can mend; null for one of ours, whose stack is wanted. */
export function explain(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  const { name, message, code = '', syscall, path, address, port, safeMessage } = thrown as Fault;
  if (thrown instanceof SetupError || safeMessage === true || name === 'EmbeddedPostgresError') return message;
  if (name === 'KeyringError') return `${message} They come from PII_SEAL_KEYS and PII_INDEX_KEY, else from secrets.json in the data folder.`;
  if (syscall === 'listen') return LISTENING[code]?.(`Port ${port} of ${address}`) ?? null;
  if (path !== undefined && WRITING[code] !== undefined) return `${path} cannot be written: ${WRITING[code]}. Name another folder with --data DIR.`;
  if (CONNECTING.test(code)) return `The database of DATABASE_ADMIN_URL cannot be reached (${code}): look at its address, user, password and database, and whether it runs.`;
  return null;
}
