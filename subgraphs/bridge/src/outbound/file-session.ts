import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import { PlatformError } from './platform-error.js';
import { RemoteFiles } from './remote-files.js';
import { openTunnel } from './tunnel.js';

/** How a server of files is entered. Secrets are in clear: never kept, never logged. */
export interface FileLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | null;
  readonly privateKey: string | null;
  readonly passphrase: string | null;
  /** The keys that it is known by, `SHA256:…` as `ssh-keyscan` and `ssh-keygen -lf` tell them: two while it changes its own. */
  readonly hostKeys: readonly string[];
}

/** What has become clear of the other side. */
interface State { isKnown: boolean; isOther: boolean; said: boolean }
interface Reach { readonly via: string | null; readonly timeoutMs: number }

/** Work takes longer than a call: files come in pieces. */
const WORK_TIMES = 8;
/** OpenSSH hangs up in these words where too many come at once; 11 is the end that was meant. */
const REASONS: Readonly<Record<number, 'THROTTLED' | 'PLATFORM_DOWN'>> = { 7: 'PLATFORM_DOWN', 12: 'THROTTLED' };
const RETRY_MS = 1_000;

/**
 * A session of SFTP: connects (to public addresses only, or through the proxy), makes sure that the server has the key it is
 * known by before it is told anything, signs in, works, and hangs up.
 */
export async function withFiles<T>(login: FileLogin, { via, timeoutMs }: Reach, work: (files: RemoteFiles) => Promise<T>): Promise<T> {
  const { host } = login;
  const limit = new AbortController();
  const socket = await openTunnel(login, { via, timeoutMs });
  const client = new Client();
  const state = { isKnown: false, isOther: false, said: false };
  socket.once('data', () => { state.said = true; });
  const broken = new Promise<never>((_resolve, reject) => {
    const fail = (error: unknown): void => reject(failure(error, { host, state }));
    client.on('error', fail).on('close', () => fail(undefined));
    socket.on('error', fail);
  });
  const late = (ms: number): Promise<never> => wait(ms, undefined, { signal: limit.signal, ref: false }).then(() => { throw new PlatformError('PLATFORM_TIMEOUT', { host }); });
  // Whoever loses a race is heard by nobody.
  broken.catch(() => undefined);
  const within = <R>(ms: number, run: Promise<R>): Promise<R> => {
    const end = late(ms);
    end.catch(() => undefined);
    run.catch(() => undefined);
    return Promise.race([run, broken, end]);
  };
  try {
    const sftp = await within(timeoutMs, signIn(client, { ...login, socket, state, timeoutMs }));
    return await within(WORK_TIMES * timeoutMs, work(new RemoteFiles(sftp, host)));
  } finally {
    limit.abort();
    client.end();
    socket.destroy();
  }
}

function signIn(client: Client, { socket, state, timeoutMs, user, password, privateKey, passphrase, hostKeys, host }: FileLogin & { readonly socket: NonNullable<ConnectConfig['sock']>; readonly state: State; readonly timeoutMs: number }): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.on('ready', () => {
      client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(new PlatformError('REQUEST_REFUSED', { host, platformCode: 'NO_SFTP' }))));
    });
    // Servers that ask with PAM take the same password in these words.
    client.on('keyboard-interactive', (_name, _words, _language, prompts, answer) => answer(prompts.length === 1 && password !== null ? [password] : []));
    try {
      client.connect({
        sock: socket, username: user, readyTimeout: timeoutMs, tryKeyboard: password !== null,
        ...(password === null ? {} : { password }), ...(privateKey === null ? {} : { privateKey }), ...(passphrase === null ? {} : { passphrase }),
        hostVerifier: (key: Buffer) => {
          state.isKnown = hostKeys.some((known) => isSame(known, key));
          state.isOther = !state.isKnown;
          return state.isKnown;
        },
      });
    } catch {
      // A private key that cannot be read, or whose passphrase is another.
      reject(new PlatformError('CREDENTIALS_REFUSED', { host, platformCode: 'PRIVATE_KEY' }));
    }
  });
}

function isSame(known: string, key: Buffer): boolean {
  const expected = Buffer.from(known.replace(/^SHA256:/, ''), 'base64');
  const actual = createHash('sha256').update(key).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** What a broken session means; without an error the other side has hung up. */
function failure(error: unknown, { host, state }: { readonly host: string; readonly state: State }): PlatformError {
  if (error instanceof PlatformError) return error;
  const { level, code } = (error ?? {}) as { readonly level?: string; readonly code?: unknown };
  if (state.isOther) return new PlatformError('HOST_KEY_CHANGED', { host });
  if (level === 'client-authentication') return new PlatformError('CREDENTIALS_REFUSED', { host });
  if (level === 'client-timeout') return new PlatformError('PLATFORM_TIMEOUT', { host, cause: error });
  if (typeof code === 'number' && Object.hasOwn(REASONS, code)) return new PlatformError(REASONS[code]!, { host, platformCode: `SSH_${code}`, ...(code === 12 ? { retryAfterMs: RETRY_MS } : {}) });
  // It has said something, and that was no greeting of SSH.
  if (!state.isKnown && state.said && code !== 'ECONNRESET') return new PlatformError('ANSWER_INVALID', { host, cause: error });
  return new PlatformError('PLATFORM_UNREACHABLE', { host, cause: error });
}
