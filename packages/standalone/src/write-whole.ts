import { rename, writeFile } from 'node:fs/promises';

/** Writes a file whole or not at all, readable by its owner alone: who reads it meanwhile gets the old one. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
