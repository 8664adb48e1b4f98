import { gunzipSync, inflateRawSync } from 'node:zlib';
import { PlatformError } from '../../outbound/platform-error.js';

// Archives from outside, unpacked within bounds: what claims or turns out to be larger, or is not whole, is refused before it is held.

/** Of one file, and of all files of an archive. */
export const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;
const MOST_FILES = 50;
const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;

const refuse = (platformCode: string, cause?: unknown): PlatformError => new PlatformError('ANSWER_INVALID', { platformCode, cause });

/** @throws PlatformError `ANSWER_INVALID` where it is no gzip, or too large */
export function gunzip(bytes: Buffer, most = MOST_UNPACKED_BYTES): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (cause) {
    throw refuse('ARCHIVE', cause);
  }
}

/**
 * The files of a zip, without their names, which nobody can trust. Sizes are those that come out, not those that the
 * archive states. @throws PlatformError `ANSWER_INVALID` for what is no zip, is encrypted, split or too large
 */
export function unzip(bytes: Buffer, most = MOST_UNPACKED_BYTES): Buffer[] {
  try {
    return filesOf(bytes, most);
  } catch (cause) {
    throw cause instanceof PlatformError ? cause : refuse('ARCHIVE', cause);
  }
}

function filesOf(bytes: Buffer, most: number): Buffer[] {
  // Its end is at the end, before a comment of 64 KiB at most.
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end < bytes.length - 65_557 || bytes.readUInt32LE(end) !== END) throw refuse('ARCHIVE');
  const count = bytes.readUInt16LE(end + 10);
  if (count > MOST_FILES) throw refuse('ARCHIVE_TOO_LARGE');
  const files: Buffer[] = [];
  let left = most;
  for (let n = 0, at = bytes.readUInt32LE(end + 16); n < count; n += 1) {
    if (bytes.readUInt32LE(at) !== DIRECTORY) throw refuse('ARCHIVE');
    const [flags, method, packed] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    if ((flags & 1) !== 0) throw refuse('ARCHIVE_ENCRYPTED');
    const file = unpacked(bytes, bytes.readUInt32LE(at + 42), packed, method, left);
    left -= file.length;
    // A folder holds nothing.
    if (file.length > 0) files.push(file);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

function unpacked(bytes: Buffer, at: number, packed: number, method: number, most: number): Buffer {
  if (bytes.readUInt32LE(at) !== LOCAL) throw refuse('ARCHIVE');
  const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  if (from + packed > bytes.length) throw refuse('ARCHIVE');
  const data = bytes.subarray(from, from + packed);
  if (method === 0) {
    if (data.length > most) throw refuse('ARCHIVE_TOO_LARGE');
    return Buffer.from(data);
  }
  if (method !== 8) throw refuse('ARCHIVE');
  if (most < 1) throw refuse('ARCHIVE_TOO_LARGE');
  try {
    return inflateRawSync(data, { maxOutputLength: most });
  } catch (cause) {
    throw refuse((cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'ARCHIVE_TOO_LARGE' : 'ARCHIVE', cause);
  }
}
