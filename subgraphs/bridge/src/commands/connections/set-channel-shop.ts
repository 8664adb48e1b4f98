import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { isCurrency, isTimeZone, localeOf } from '../../domain/shop-settings.js';
import type { BridgeErrorCode } from '../../errors.js';
import { lockChannel } from './lock-channel.js';

export interface SetChannelShop { readonly channelId: string; readonly locale: string | undefined; readonly currency: string | undefined; readonly timeZone: string | undefined }

/** Says what a shop speaks, counts and lives in; what is left out stays. */
export function setChannelShop(ctx: GraphContext, { channelId, locale, currency, timeZone }: SetChannelShop): Promise<{ readonly kind: 'set' } | Refusal<BridgeErrorCode>> {
  return ctx.write('set-channel-shop', async (em) => {
    const channel = await lockChannel(em, ctx.viewer, channelId);
    if (channel === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    const language = locale === undefined ? channel.locale : localeOf(locale);
    if (language === null) return refuse('LOCALE_INVALID', 'locale');
    if (currency !== undefined && !isCurrency(currency)) return refuse('CURRENCY_INVALID', 'currency');
    if (timeZone !== undefined && !isTimeZone(timeZone)) return refuse('TIME_ZONE_INVALID', 'timeZone');
    Object.assign(channel, { locale: language, currency: currency ?? channel.currency, timeZone: timeZone ?? channel.timeZone });
    return { kind: 'set' };
  });
}
