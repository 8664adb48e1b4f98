import { readSubgraphSettings, type SubgraphSettings } from '@quanyu/subgraph';

/** Settings of a process of this subgraph when it runs alone. */
export const readEnvironment = (): SubgraphSettings => readSubgraphSettings('bridge', process.env);

/** Settings of the channels, for all of them and for each. */
export interface ChannelEnvironment {
  /** All calls to platforms go to this origin: a sandbox, or a proxy at the border. */
  readonly via: string | null;
  /** Where the outside reaches us, for addresses that we give to platforms; null where nobody has said. */
  readonly publicUrl: string | null;
  /** Platforms that are switched off as a whole: `SHOPIFY_INTEGRATION=false`. */
  isSwitchedOff(platform: string): boolean;
}

/** @throws Error in a sentence when a setting is wrong */
export function channelEnvironment(env: NodeJS.ProcessEnv = process.env): ChannelEnvironment {
  const via = env['CHANNELS_VIA'] ?? '';
  if (via !== '' && !URL.canParse(via)) throw new Error('CHANNELS_VIA is not an address such as http://127.0.0.1:4100.');
  const publicUrl = env['PUBLIC_URL'] ?? '';
  if (publicUrl !== '' && !/^https:\/\/[^/?#]+$/.test(publicUrl)) throw new Error('PUBLIC_URL is not an address such as https://shop.example.com, without a path.');
  return { via: via === '' ? null : via, publicUrl: publicUrl === '' ? null : publicUrl, isSwitchedOff: (platform) => env[`${platform}_INTEGRATION`] === 'false' };
}
