import { CHANNELS } from '../channels/channels.js';
import type { Client } from '../channels/connector.js';
import type { ChannelEnvironment } from '../environment.js';
import type { ChannelAccount } from '../queries/channel-account.js';
import { Outbound } from './outbound.js';

/** The shops of the outside platforms, each on a line of its own. One for each process. */
export class Shops {
  readonly #outbound: Outbound;

  constructor(private readonly environment: ChannelEnvironment, outbound?: Outbound) {
    this.#outbound = outbound ?? new Outbound({ via: environment.via });
  }

  /** The client of a shop; null where its platform has no API, or has been switched off as a whole. */
  open(connectionId: string, { platform, account }: ChannelAccount): Client | null {
    const { connector } = CHANNELS[platform];
    if (connector === null || this.environment.isSwitchedOff(platform)) return null;
    return connector.open({ account, line: this.#outbound.line(connectionId, connector.rate), now: () => new Date() });
  }

  close(): Promise<void> {
    return this.#outbound.close();
  }
}
