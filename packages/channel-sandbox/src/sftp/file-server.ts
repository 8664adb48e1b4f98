import type { Socket } from 'node:net';
import ssh2, { type Attributes, type Connection, type ParsedKey, type SFTPWrapper } from 'ssh2';
import type { SandboxFault, SandboxPlatform } from '../server/sandbox.js';
import { Folders } from './folders.js';

const { Server, utils } = ssh2;
const { STATUS_CODE } = utils.sftp;
const S_IFREG = 0o100_644;
const S_IFDIR = 0o040_755;
const S_IFLNK = 0o120_777;
const ENTRIES = 64;

interface Opened { readonly path: string; readonly write: boolean; names?: string[] }

/** A partner's server of files (SFTP), in memory. */
export class FileServer {
  readonly folders = new Folders();
  readonly hostKey = newKeys();
  readonly userKey = newKeys();
  user = 'quanyu';
  password = 'FAKE_password_of_the_files';
  /** What has been done, after each step. */
  after: ((step: string, path: string) => void) | null = null;
  /** Renames and writes are refused, as by rights. */
  readOnly = false;
  sessions = 0;

  constructor(readonly host = 'files.partner.example') {
    for (const folder of ['/orders', '/orders/archive', '/orders/rejected', '/tracking', '/stock']) this.folders.make(folder);
  }
}

/** The server at its port: reached by CONNECT, as through a proxy. */
export function sftpSandbox(files: FileServer): SandboxPlatform {
  return {
    name: 'sftp',
    owns: (host) => host === files.host,
    answer: () => ({ status: 400, body: 'SSH-2.0-quanyu_sandbox' }),
    connect: (socket, fault) => { serve(files, socket, fault); },
  };
}

function serve(files: FileServer, socket: Socket, fault: SandboxFault | undefined): void {
  // 429 is how the sandbox says `too many`; a server of files says it in its own words: SSH_DISCONNECT_TOO_MANY_CONNECTIONS.
  const reason = fault === 'DOWN' ? 7 : typeof fault === 'object' && 'status' in fault && fault.status === 429 ? 12 : null;
  if (reason === null && typeof fault === 'object' && 'status' in fault) return void socket.end(`HTTP/1.1 ${fault.status} OK\r\n${Object.entries(fault.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${fault.body?.toString() ?? ''}`);
  const server = new Server({ hostKeys: [files.hostKey.private] }, (client) => {
    client.on('error', () => undefined);
    if (reason !== null) return disconnect(client, reason);
    files.sessions += 1;
    signIn(files, client);
    client.on('session', (accept) => {
      accept().on('sftp', (open) => answer(files, open(), () => {
        if (typeof fault === 'object' && 'loseWhen' in fault && fault.loseWhen()) { fault.lost(); socket.destroy(); }
      }));
    });
  });
  server.injectSocket(socket);
}

/** Its types know no reason but the usual one. */
const disconnect = (client: Connection, reason: number): void => { (client as unknown as { _protocol: { disconnect(reason: number): void } })._protocol.disconnect(reason); };

function signIn(files: FileServer, client: Connection): void {
  const allowed = utils.parseKey(files.userKey.public) as ParsedKey;
  client.on('authentication', (context) => {
    if (context.username !== files.user) return context.reject();
    if (context.method === 'password') return context.password === files.password ? context.accept() : context.reject(['password', 'publickey']);
    if (context.method !== 'publickey') return context.reject(['password', 'publickey']);
    const isAllowed = context.key.algo === allowed.type && context.key.data.equals(allowed.getPublicSSH());
    const isSigned = context.signature === undefined || allowed.verify(context.blob!, context.signature, context.hashAlgo) === true;
    return isAllowed && isSigned ? context.accept() : context.reject();
  });
}

function attributesOf(folders: Folders, path: string): Attributes | null {
  const file = folders.files.get(path);
  const [mode, size, mtime] = file !== undefined ? [S_IFREG, file.content.length, file.changedAt] : folders.folders.has(path) ? [S_IFDIR, 0, 0] : folders.links.has(path) ? [S_IFLNK, 0, 0] : [0, 0, 0];
  return mode === 0 ? null : { mode, size, mtime, atime: mtime, uid: 1, gid: 1 };
}

function answer(files: FileServer, sftp: SFTPWrapper, done: () => void): void {
  const { folders } = files;
  const handles = new Map<number, Opened>();
  const status = (id: number, code: number): void => { sftp.status(id, code); };
  const step = (name: string, path: string): void => { files.after?.(name, path); done(); };
  const handleOf = (opened: Opened): Buffer => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(handles.size);
    handles.set(handles.size, opened);
    return handle;
  };
  const at = (handle: Buffer): Opened | undefined => handles.get(handle.readUInt32BE());
  const changes = (id: number, change: () => number): void => status(id, files.readOnly ? STATUS_CODE.PERMISSION_DENIED : change());
  const stat = (id: number, raw: string): void => {
    const found = attributesOf(folders, folders.resolve(raw));
    if (found === null) status(id, STATUS_CODE.NO_SUCH_FILE);
    else sftp.attrs(id, found);
  };
  sftp.on('REALPATH', (id, raw) => sftp.name(id, [{ filename: folders.resolve(raw), longname: '', attrs: {} as Attributes }]));
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('OPENDIR', (id, raw) => {
    const path = folders.resolve(raw);
    if (!folders.folders.has(path)) return status(id, STATUS_CODE.NO_SUCH_FILE);
    sftp.handle(id, handleOf({ path, write: false, names: ['.', '..', ...folders.names(path)] }));
    step('list', path);
  });
  sftp.on('READDIR', (id, handle) => {
    const opened = at(handle);
    const names = opened?.names?.splice(0, ENTRIES) ?? [];
    if (names.length === 0) return status(id, STATUS_CODE.EOF);
    sftp.name(id, names.map((filename) => ({ filename, longname: filename, attrs: attributesOf(folders, folders.resolve(`${opened!.path}/${filename}`)) ?? ({} as Attributes) })));
  });
  sftp.on('OPEN', (id, raw, flags) => {
    const path = folders.resolve(raw);
    const write = (flags & utils.sftp.OPEN_MODE.WRITE) !== 0;
    if (write && files.readOnly) return status(id, STATUS_CODE.PERMISSION_DENIED);
    if (write && !folders.folders.has(path.slice(0, path.lastIndexOf('/')) || '/')) return status(id, STATUS_CODE.NO_SUCH_FILE);
    if (!write && !folders.files.has(path)) return status(id, STATUS_CODE.NO_SUCH_FILE);
    if (write) folders.write(path, '');
    sftp.handle(id, handleOf({ path, write }));
  });
  sftp.on('READ', (id, handle, offset, length) => {
    const opened = at(handle);
    const content = folders.files.get(opened?.path ?? '')?.content ?? Buffer.alloc(0);
    if (offset >= content.length) return status(id, STATUS_CODE.EOF);
    sftp.data(id, content.subarray(offset, offset + length));
    step('read', opened!.path);
  });
  sftp.on('WRITE', (id, handle, offset, data) => {
    const opened = at(handle);
    const file = opened?.write === true ? folders.files.get(opened.path) : undefined;
    if (file === undefined) return status(id, STATUS_CODE.FAILURE);
    const content = Buffer.alloc(Math.max(file.content.length, offset + data.length));
    file.content.copy(content);
    data.copy(content, offset);
    folders.write(opened!.path, content);
    status(id, STATUS_CODE.OK);
    step('write', opened!.path);
  });
  sftp.on('CLOSE', (id, handle) => { handles.delete(handle.readUInt32BE()); status(id, STATUS_CODE.OK); });
  sftp.on('RENAME', (id, from, to) => {
    changes(id, () => {
      const code = { DONE: STATUS_CODE.OK, NO_FILE: STATUS_CODE.NO_SUCH_FILE, TAKEN: STATUS_CODE.FAILURE }[folders.rename(folders.resolve(from), folders.resolve(to))];
      // Before the answer, which may get lost.
      step('rename', folders.resolve(to));
      return code;
    });
  });
  sftp.on('MKDIR', (id, raw) => changes(id, () => (folders.make(folders.resolve(raw)) ? STATUS_CODE.OK : STATUS_CODE.FAILURE)));
  sftp.on('REMOVE', (id, raw) => changes(id, () => (folders.files.delete(folders.resolve(raw)) ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE)));
}

/** Of a pair in a few hundred ssh2 cannot read what it has written itself: such a one is made anew. */
function newKeys(): ReturnType<typeof utils.generateKeyPairSync> {
  for (;;) {
    const keys = utils.generateKeyPairSync('ed25519');
    if (![keys.public, keys.private].some((key) => utils.parseKey(key) instanceof Error)) return keys;
  }
}
