import { crc32, deflateRawSync } from 'node:zlib';

/** A zip of these files, names as bytes. @param over what its directory states instead of the truth, as an attacker's does */
export function zip(files: readonly { readonly name: Buffer; readonly content: Buffer }[], over: { readonly size?: number; readonly encrypted?: boolean } = {}): Buffer {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const { name, content } of files) {
    const packed = deflateRawSync(content);
    const head = (signature: number, extra: number): Buffer => {
      const made = Buffer.alloc(30 + extra);
      made.writeUInt32LE(signature, 0);
      const from = extra === 0 ? 4 : 6;
      made.writeUInt16LE(20, from);
      made.writeUInt16LE(over.encrypted === true ? 1 : 0, from + 2);
      made.writeUInt16LE(8, from + 4);
      made.writeUInt32LE(crc32(content), from + 10);
      made.writeUInt32LE(packed.length, from + 14);
      made.writeUInt32LE(over.size ?? content.length, from + 18);
      made.writeUInt16LE(name.length, from + 22);
      if (extra > 0) { made.writeUInt16LE(20, 4); made.writeUInt32LE(at, 42); }
      return made;
    };
    directory.push(head(0x02014b50, 16), name);
    const local = Buffer.concat([head(0x04034b50, 0), name, packed]);
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}
