import { CHANNELS, type Platform } from '../channels/channels.js';
import type { Account, Client, ClientContext, Connector } from '../channels/connector.js';
import type { ChannelEnvironment } from '../environment.js';
import { guardedLine } from './guarded-line.js';
import { Outbound, type Line } from './outbound.js';

interface Opened { readonly platform: Platform; readonly account: Account }

/** The shops of the outside platforms, each on a line of its own. One for each process. */
export class Shops {
  readonly #outbound: Outbound;

  constructor(private readonly environment: ChannelEnvironment, outbound?: Outbound) {
    this.#outbound = outbound ?? new Outbound({ via: environment.via });
  }

  /** The client of a shop; null where its platform has no API, or has been switched off as a whole. Guarded where we give it something of ours. */
  open(connectionId: string, { platform, account }: Opened, { guarded = false }: { readonly guarded?: boolean } = {}): Client | null {
    const context = this.contextOf(connectionId, { platform, account });
    return context === null ? null : CHANNELS[platform].connector!.open(guarded ? { ...context, line: guardedLine(context.line) } : context);
  }

  /** A line of its own for who has no account yet. */
  lineOf(key: string, connector: Pick<Connector, 'rate'>): Line {
    return this.#outbound.line(key, connector.rate);
  }

  /** Whether all shops of a platform are switched off here. */
  isSwitchedOff(platform: Platform): boolean {
    return this.environment.isSwitchedOff(platform);
  }

  /** With what a shop is asked: its account and its line. */
  contextOf(connectionId: string, { platform, account }: Opened): ClientContext | null {
    const { connector } = CHANNELS[platform];
    if (connector === null || this.environment.isSwitchedOff(platform)) return null;
    return { account, line: this.#outbound.line(connectionId, connector.rate), now: () => new Date() };
  }

  close(): Promise<void> {
    return this.#outbound.close();
  }
}
