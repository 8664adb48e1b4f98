import { Router, type Response } from 'express';
import { EXPLORER_CLIENT } from './client.js';
import { explorerFiles, type ExplorerFile } from './files.js';

/** A query that the explorer opens with, as a tab. */
export interface ExplorerExample {
  readonly query: string;
  /** JSON */
  readonly variables?: string;
  /** JSON */
  readonly headers?: string;
}

// GraphiQL sets styles by attribute and carries its fonts in the style sheet; scripts come from files alone.
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "font-src 'self' data:", "img-src 'self' data:",
  "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');

/** Makes the routes of `/explorer`: GraphiQL from npm files, queries by fetch and subscriptions by WebSocket. */
export function explorerRoutes(base: string, graph: string, examples: readonly ExplorerExample[]): Router {
  const router = Router();
  const { styles, scripts } = explorerFiles(`${base}/files`, EXPLORER_CLIENT);
  const page = pageOf(styles, scripts, { url: graph, examples });
  const files = new Map([...styles, ...scripts].map((file) => [file.path, file]));

  router.get(base, (_request, response) => {
    response.set({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' }).type('html').send(page);
  });
  router.get(`${base}/files/:name`, (request, response, next) => {
    const file = files.get(request.path);
    if (file === undefined) return next();
    sendFile(response, file);
  });
  return router;
}

function sendFile(response: Response, file: ExplorerFile): void {
  response.set('cache-control', 'public, max-age=31536000, immutable').type(file.type).send(file.body);
}

function pageOf(styles: readonly ExplorerFile[], scripts: readonly ExplorerFile[], options: object): string {
  // "</script>" in an example would end the element that holds it.
  const json = JSON.stringify(options).replaceAll('<', String.raw`\u003c`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>quanyu · explorer</title>
<link rel="icon" href="data:,">
${styles.map(({ path }) => `<link rel="stylesheet" href="${path}">`).join('\n')}
<style>html, body, #explorer { height: 100%; margin: 0 }</style>
</head>
<body>
<div id="explorer">Loading…</div>
<script type="application/json" id="explorer-options">${json}</script>
${scripts.map(({ path }) => `<script src="${path}"></script>`).join('\n')}
</body>
</html>
`;
}
