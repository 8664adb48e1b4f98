import { readSubgraphSettings, type SubgraphSettings } from '@quanyu/subgraph';

/** Settings of a process of this subgraph when it runs alone. */
export const readEnvironment = (): SubgraphSettings => readSubgraphSettings('bridge', process.env);

/** Settings of the channels, for all of them and for each. */
export interface ChannelEnvironment {
  /** All calls to platforms go to this origin: a sandbox, or a proxy at the border. */
  readonly via: string | null;
  /** Platforms that are switched off as a whole: `SHOPIFY_INTEGRATION=false`. */
  isSwitchedOff(platform: string): boolean;
}

/** @throws Error in a sentence when a setting is wrong */
export function channelEnvironment(env: NodeJS.ProcessEnv = process.env): ChannelEnvironment {
  const via = env['CHANNELS_VIA'] ?? '';
  if (via !== '' && !URL.canParse(via)) throw new Error('CHANNELS_VIA is not an address such as http://127.0.0.1:4100.');
  return { via: via === '' ? null : via, isSwitchedOff: (platform) => env[`${platform}_INTEGRATION`] === 'false' };
}
