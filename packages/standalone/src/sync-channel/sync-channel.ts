import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '../setup-error.js';
import type { SyncEnvironment } from './environment.js';

interface Step { readonly step: string; readonly state: 'WAITING' | 'RUNNING' | 'DONE' | 'SKIPPED' | 'FAILED'; readonly count: number; readonly errorCode: string | null }
interface Channel { readonly name: string; readonly firstSync: { readonly endedAt: string | null; readonly steps: readonly Step[] } | null }

const LOOK_MS = 500;
const CHANNEL = 'query SyncProgress($id: ID!) { channel(id: $id) { name firstSync { endedAt steps { step state count errorCode } } } }';
const SYNC = 'mutation SyncChannel($input: SyncChannelInput!) { syncChannel(input: $input) { userErrors { message } } }';

/**
 * Has a shop read as a whole and tells how far that is, a line for each thing that moves. The house does the reading: who
 * only watches may go and come again. Gives whether all steps went well.
 */
export async function syncChannel({ url, token, channelId, again }: SyncEnvironment, print: (line: string) => void): Promise<boolean> {
  const ask = asker(url, token);
  const { syncChannel: { userErrors } } = await ask<{ syncChannel: { userErrors: readonly { message: string }[] } }>(SYNC, { input: { channelId, again } });
  if (userErrors.length > 0) throw new SetupError(userErrors.map(({ message }) => message).join('\n'));
  const shown = new Map<string, string>();
  for (;;) {
    const { channel } = await ask<{ channel: Channel | null }>(CHANNEL, { id: channelId });
    const sync = channel?.firstSync ?? null;
    if (sync === null) throw new SetupError('Nobody has filled in what opens the shop.');
    for (const step of sync.steps) {
      const line = lineOf(step);
      if (step.state === 'WAITING' || shown.get(step.step) === line) continue;
      shown.set(step.step, line);
      print(line);
    }
    if (sync.endedAt !== null) return sync.steps.every(({ state }) => state !== 'FAILED');
    await sleep(LOOK_MS);
  }
}

const lineOf = ({ step, state, count, errorCode }: Step): string => `${step.toLowerCase().padEnd(10)} ${state.toLowerCase().padEnd(8)} ${String(count).padStart(8)}${errorCode === null ? '' : `  ${errorCode}`}`;

function asker(url: string, token: string) {
  return async <Data>(query: string, variables: object): Promise<Data> => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) })
      .catch(() => { throw new SetupError(`Nobody answers at ${url}: start the house, or name its address with --url.`); });
    const { data, errors } = (await response.json()) as { data?: Data | null; errors?: readonly { message: string }[] };
    if (!data || errors) throw new SetupError((errors ?? [{ message: `The house answered ${response.status}.` }]).map(({ message }) => message).join('\n'));
    return data;
  };
}
