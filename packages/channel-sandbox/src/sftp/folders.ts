/** A file as a server keeps it; times in whole seconds. */
export interface StoredFile { content: Buffer; changedAt: number }

/** The folders of a server, in memory. Paths begin with a slash and have no dots. */
export class Folders {
  readonly files = new Map<string, StoredFile>();
  readonly folders = new Set<string>(['/']);
  readonly links = new Set<string>();

  /** Where a path leads that an account names, which begins at the top. */
  resolve(path: string): string {
    const parts: string[] = [];
    for (const part of path.split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    return `/${parts.join('/')}`;
  }

  make(path: string): boolean {
    if (this.folders.has(path) || this.files.has(path) || !this.folders.has(parentOf(path))) return false;
    this.folders.add(path);
    return true;
  }

  write(path: string, content: Buffer | string, changedAt: Date = new Date()): void {
    this.files.set(path, { content: Buffer.from(content), changedAt: Math.floor(changedAt.getTime() / 1000) });
  }

  /** Names in a folder, in no order that anybody may count on. */
  names(folder: string): string[] {
    return [...this.files.keys(), ...this.folders, ...this.links].filter((path) => path !== '/' && parentOf(path) === folder).map((path) => path.slice(path.lastIndexOf('/') + 1)).reverse();
  }

  /** As OpenSSH does it: onto nothing that is there. */
  rename(from: string, to: string): 'DONE' | 'NO_FILE' | 'TAKEN' {
    const file = this.files.get(from);
    if (file === undefined || !this.folders.has(parentOf(to))) return 'NO_FILE';
    if (this.files.has(to) || this.folders.has(to)) return 'TAKEN';
    this.files.delete(from);
    this.files.set(to, file);
    return 'DONE';
  }

  text(path: string): string { return this.files.get(path)?.content.toString() ?? ''; }
}

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
