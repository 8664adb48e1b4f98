import { createHmac, randomBytes } from 'node:crypto';

/** A signing secret as Standard Webhooks spells it. */
export const newStandardSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

/** The headers of a message, signed with each live secret, as https://www.standardwebhooks.com says. */
export function standardHeaders({ id, body, at }: { readonly id: string; readonly body: string; readonly at: Date }, secrets: readonly string[]): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' '), 'content-type': 'application/json' };
}
