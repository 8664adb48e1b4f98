import type { TestSubgraph } from './test-subgraph.js';

/** A channel that was connected for a test, and where its webhooks are sent. */
export interface ConnectedChannel { readonly id: string; readonly path: string }

const CONNECT = 'mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } webhookPath userErrors { code field } } }';
const FILL_IN = 'mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }';

/** Connects a channel in the bridge under test and fills in the account that its sandbox knows. Throws what is refused. */
export async function connectChannel(
  { ask }: Pick<TestSubgraph, 'ask'>,
  input: { readonly platform: string; readonly shopDomain?: string | null; readonly webhookSecret?: string; readonly idempotencyKey: string },
  account: { readonly settings: Readonly<Record<string, string>>; readonly secrets: Readonly<Record<string, string>> },
): Promise<ConnectedChannel> {
  const { connectChannel: connected } = (await ask(CONNECT, { input: { name: input.platform, ...input } })).data!;
  if (connected.channel === null) throw new Error(JSON.stringify(connected.userErrors));
  const { id } = connected.channel;
  const fields = Object.entries({ ...account.settings, ...account.secrets }).map(([name, value]) => ({ name, value }));
  const { userErrors } = (await ask(FILL_IN, { input: { channelId: id, fields } })).data!['setChannelAccount'];
  if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
  return { id, path: connected.webhookPath };
}
