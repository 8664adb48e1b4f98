import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A file of the explorer, served under a name that changes with its bytes. */
export interface ExplorerFile { readonly path: string; readonly type: 'text/javascript' | 'text/css'; readonly body: Buffer }

const require = createRequire(import.meta.url);

const folderOf = {
  // Not every package lets its package.json be resolved, so the folders are found from what can be.
  graphiql: () => dirname(require.resolve('graphiql/package.json')),
  react: () => dirname(require.resolve('react/package.json')),
  'react-dom': () => dirname(require.resolve('react-dom')),
  'graphql-ws': () => join(dirname(require.resolve('graphql-ws')), '..'),
};

const fromPackage = (name: keyof typeof folderOf, file: string): Buffer => readFileSync(join(folderOf[name](), file));

const named = (base: string, name: string, type: ExplorerFile['type'], body: Buffer): ExplorerFile => {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { path: `${base}/${hash}-${name}`, type, body };
};

/** Reads the explorer's files from their npm packages; `client` is our own script, which comes last. */
export function explorerFiles(base: string, client: string): { readonly styles: ExplorerFile[]; readonly scripts: ExplorerFile[] } {
  const script = (name: string, body: Buffer): ExplorerFile => named(base, name, 'text/javascript', body);
  return {
    styles: [named(base, 'graphiql.css', 'text/css', fromPackage('graphiql', 'graphiql.min.css'))],
    scripts: [
      script('react.js', fromPackage('react', 'umd/react.production.min.js')),
      script('react-dom.js', fromPackage('react-dom', 'umd/react-dom.production.min.js')),
      script('graphiql.js', fromPackage('graphiql', 'graphiql.min.js')),
      script('graphql-ws.js', fromPackage('graphql-ws', 'umd/graphql-ws.min.js')),
      script('explorer.js', Buffer.from(client)),
    ],
  };
}
