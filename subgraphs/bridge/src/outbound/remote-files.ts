import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { PlatformError } from './platform-error.js';

/** A file of a folder elsewhere. Its name is whatever the server says. */
export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  /** By that server's clock, in whole seconds. */
  readonly changedAt: Date;
}

/** SSH_FXP_STATUS, RFC draft-ietf-secsh-filexfer-02 section 7. */
const END_OF_FILE = 1;
const NOT_THERE = 2;
const DENIED = 3;
const CUT = new Set([6, 7]);
/** Every server takes pieces of this size. */
const PIECE = 32_768;
/** No partner has so many files wait; whoever shows more wears us out. */
const MOST_ENTRIES = 10_000;

/** The folders of a server of files, while a session lasts. Paths are relative to where the account begins. */
export class RemoteFiles {
  constructor(private readonly sftp: SFTPWrapper, private readonly host: string) {}

  /** The plain files of a folder: no folders, no links, which could lead anywhere. @throws PlatformError `NOT_FOUND` where it is missing */
  async list(folder: string): Promise<readonly RemoteFile[]> {
    const handle = await this.#ask<Buffer>((done) => this.sftp.opendir(folder, done));
    const files: RemoteFile[] = [];
    try {
      for (let seen = 0; seen < MOST_ENTRIES;) {
        const entries = await this.#ask<FileEntryWithStats[] | false>((done) => this.sftp.readdir(handle, done)).catch(this.#unless(END_OF_FILE, false as const));
        if (entries === false || entries.length === 0) break;
        seen += entries.length;
        for (const { filename, attrs } of entries) if (attrs.isFile()) files.push({ name: filename, bytes: attrs.size, changedAt: new Date(attrs.mtime * 1000) });
      }
    } finally {
      this.sftp.close(handle, () => undefined);
    }
    return files;
  }

  /** What stands at a path; null where there is nothing, or nothing plain. */
  async find(path: string): Promise<Pick<RemoteFile, 'bytes' | 'changedAt'> | null> {
    const stats = await this.#ask<Stats | null>((done) => this.sftp.lstat(path, done)).catch(this.#unless(NOT_THERE, null));
    return stats === null || !stats.isFile() ? null : { bytes: stats.size, changedAt: new Date(stats.mtime * 1000) };
  }

  /** A file's bytes; null where it has more than that. */
  async read(path: string, most: number): Promise<Buffer | null> {
    const handle = await this.#ask<Buffer>((done) => this.sftp.open(path, 'r', done));
    const pieces: Buffer[] = [];
    let at = 0;
    try {
      for (;;) {
        const piece = Buffer.alloc(PIECE);
        const bytes = await this.#ask<number>((done) => this.sftp.read(handle, piece, 0, PIECE, at, (error, count) => done(error, count))).catch(this.#unless(END_OF_FILE, 0));
        if (bytes === 0) return Buffer.concat(pieces);
        at += bytes;
        if (at > most) return null;
        pieces.push(piece.subarray(0, bytes));
      }
    } finally {
      this.sftp.close(handle, () => undefined);
    }
  }

  /** Puts a whole file there at once: whoever looks sees all of it or nothing. One of this name that is there stays as it is. */
  async put(folder: string, name: string, content: Buffer): Promise<'WRITTEN' | 'ALREADY_THERE'> {
    const path = `${folder}/${name}`;
    if (await this.find(path) !== null) return 'ALREADY_THERE';
    // One draft for each name, which always means the same bytes: what a broken try left behind is written over.
    const draft = `${folder}/.${name}.part`;
    const handle = await this.#ask<Buffer>((done) => this.sftp.open(draft, 'w', done));
    try {
      for (let at = 0; at < content.length; at += PIECE) {
        const piece = content.subarray(at, at + PIECE);
        await this.#ask<void>((done) => this.sftp.write(handle, piece, 0, piece.length, at, (error) => done(error, undefined)));
      }
    } finally {
      await this.#ask<void>((done) => this.sftp.close(handle, (error) => done(error, undefined)));
    }
    try {
      await this.move(draft, path);
      return 'WRITTEN';
    } catch (error) {
      await this.remove(draft).catch(() => undefined);
      if (await this.find(path) !== null) return 'ALREADY_THERE';
      throw error;
    }
  }

  async move(from: string, to: string): Promise<void> {
    await this.#ask<void>((done) => this.sftp.rename(from, to, (error) => done(error, undefined)));
  }

  async remove(path: string): Promise<void> {
    await this.#ask<void>((done) => this.sftp.unlink(path, (error) => done(error, undefined)));
  }

  /** Has a folder be there; one that cannot be made shows when it is written to. */
  async make(folder: string): Promise<void> {
    await this.#ask<void>((done) => this.sftp.mkdir(folder, (error) => done(error, undefined))).catch(() => undefined);
  }

  #unless<T>(status: number, instead: T): (error: unknown) => T {
    return (error) => {
      if (error instanceof PlatformError && error.details.platformCode === `SFTP_${status}`) return instead;
      throw error;
    };
  }

  #ask<T>(call: (done: (error: Error | undefined | null, value: T) => void) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      try {
        call((error, value) => (error === undefined || error === null ? resolve(value) : reject(this.#refusal(error))));
      } catch (error) {
        // The channel is closed by now.
        reject(new PlatformError('PLATFORM_UNREACHABLE', { host: this.host, cause: error }));
      }
    });
  }

  #refusal(error: Error): PlatformError {
    const status = (error as { readonly code?: unknown }).code;
    const details = { host: this.host, platformCode: typeof status === 'number' ? `SFTP_${status}` : 'SFTP', cause: error };
    if (status === NOT_THERE) return new PlatformError('NOT_FOUND', details);
    if (status === DENIED) return new PlatformError('REQUEST_REFUSED', details);
    if (typeof status !== 'number' || CUT.has(status)) return new PlatformError('PLATFORM_UNREACHABLE', details);
    // 4 says nothing of why: a full disk passes, and a name that is taken is looked at before.
    return new PlatformError(status === 4 ? 'PLATFORM_DOWN' : 'REQUEST_REFUSED', details);
  }
}
