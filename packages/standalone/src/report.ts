import type { DemoChannel } from './demo.js';
import type { Progress } from './progress.js';
import type { Standalone } from './start.js';

/** Prints where everything is, and one line to paste. */
export function report({ url, metricsUrl, workMetricsUrl = null, credentials }: Standalone, demo: DemoChannel | null, progress: Progress): void {
  progress.step('ready');
  const rows: [string, string][] = [
    ['Graph', `${url}/graphql`],
    ['Explorer', `${url}/explorer${credentials === null ? '' : `#token=${credentials.staffToken}`}`],
    ['WebSocket', `${url.replace(/^http/, 'ws')}/graphql`],
  ];
  if (metricsUrl !== null) rows.push(['Metrics', metricsUrl]);
  if (workMetricsUrl !== null) rows.push(['Metrics of work', workMetricsUrl]);
  if (demo !== null) rows.push(['Webhook', demo.webhookUrl], ['Webhook secret', demo.webhookSecret], ['Shop', demo.shopDomain]);
  if (credentials !== null) rows.push(['Staff token', credentials.staffToken], ['Member token', credentials.memberToken], ['Partner key', credentials.partnerKey]);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(15)} ${value}`);
  if (credentials !== null) {
    lines.push('', '  Try it:', `  curl -s ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${credentials.staffToken}' -d '{"query":"{ viewer { name tenant { name } } orders(first: 5) { nodes { orderNumber status } } }"}'`);
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}
