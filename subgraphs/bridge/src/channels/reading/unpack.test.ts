import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { gbk, zip } from '@quanyu/channel-sandbox';
import type { PlatformError } from '../../outbound/platform-error.js';
import { gunzip, unzip } from './unpack.js';

const codeOf = (work: () => unknown): string | undefined => { try { work(); return 'none'; } catch (error) { return (error as PlatformError).details.platformCode; } };
const file = (content: Buffer, name = 'a.csv') => ({ name: Buffer.from(name), content });

describe('an archive from outside', () => {
  it('gives its files whatever they are called', () => {
    const files = unzip(zip([{ name: gbk('业务明细.csv'), content: gbk('退款') }, file(Buffer.alloc(0), 'folder/'), file(Buffer.from('two'), '../../etc/passwd')]));
    expect(files.map((one) => new TextDecoder('gbk').decode(one))).toEqual(['退款', 'two']);
  });

  it('that bursts is refused before it is held, whatever it states of its size', () => {
    const bomb = zip([file(Buffer.alloc(2_000_000))], { size: 10 });
    expect(bomb.length).toBeLessThan(10_000);
    expect(codeOf(() => unzip(bomb, 1_000_000))).toBe('ARCHIVE_TOO_LARGE');
    // Each of them fits, all of them do not.
    expect(codeOf(() => unzip(zip(Array.from({ length: 5 }, () => file(Buffer.alloc(300_000)))), 1_000_000))).toBe('ARCHIVE_TOO_LARGE');
    expect(codeOf(() => unzip(zip(Array.from({ length: 51 }, () => file(Buffer.from('x'))))))).toBe('ARCHIVE_TOO_LARGE');
    expect(codeOf(() => gunzip(gzipSync(Buffer.alloc(2_000_000)), 1_000_000))).toBe('ARCHIVE');
  });

  it('that is none, is cut off, points elsewhere or is encrypted is refused', () => {
    const whole = zip([file(Buffer.from('content'))]);
    const elsewhere = Buffer.from(whole);
    elsewhere.writeUInt32LE(0x7fffffff, elsewhere.length - 6);
    for (const bytes of [Buffer.alloc(0), Buffer.from('PK'), Buffer.from('<html>'), whole.subarray(0, 40), whole.subarray(10), elsewhere]) expect(codeOf(() => unzip(bytes))).toBe('ARCHIVE');
    expect(codeOf(() => unzip(zip([file(Buffer.from('x'))], { encrypted: true })))).toBe('ARCHIVE_ENCRYPTED');
    expect(codeOf(() => gunzip(Buffer.from('no gzip')))).toBe('ARCHIVE');
  });
});
