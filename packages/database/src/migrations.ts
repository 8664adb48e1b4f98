import { readdirSync, readFileSync } from 'node:fs';
import { Migration } from '@mikro-orm/migrations';

/** One migration: a file of SQL statements, run once, in the order of the names. */
export interface SqlMigration { readonly name: string; readonly sql: string }

/**
 * Reads a folder of `NNNN_name.sql` files.
 * @param folder URL of the folder, for example `new URL('../migrations/', import.meta.url)`.
 */
export function sqlMigrations(folder: URL): SqlMigration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: file.slice(0, -'.sql'.length), sql: readFileSync(new URL(file, folder), 'utf8') }));
}

/** What every schema starts with: the SQL clock and the row-level security of a table. */
export const tenancyMigrations = (): SqlMigration[] => sqlMigrations(new URL('../migrations/', import.meta.url));

/** The same migration in the shape that MikroORM's migrator runs and remembers. */
export const toMikroOrm = ({ name, sql }: SqlMigration): { name: string; class: new (...args: ConstructorParameters<typeof Migration>) => Migration } => ({
  name,
  class: class extends Migration {
    override up(): void {
      // One batch: the file is one unit, and function bodies may hold semicolons.
      this.addSql(sql);
    }
  },
});
