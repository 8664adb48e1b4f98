import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { CHANNELS } from '../../channels/channels.js';
import type { AccountField } from '../../channels/connector.js';
import { scheduleFields } from '../../channels/port/schedule-fields.js';
import type { BridgeErrorCode } from '../../errors.js';
import { accountSeal } from '../../seal-contexts.js';
import { beginStreams } from '../sync/begin-streams.js';
import { lockChannel } from './lock-channel.js';

export interface SetChannelAccount { readonly channelId: string; readonly fields: readonly { readonly name: string; readonly value: string }[] }

/** No form takes a line break. */
const MISSING = '\n';

/** Keeps what opens the shop's API, secrets sealed, and begins to read its orders. Fields that are left out keep their value. */
export function setChannelAccount(ctx: GraphContext, { channelId, fields }: SetChannelAccount): Promise<{ readonly kind: 'set' } | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { vault } = ctx.deps;
  return ctx.write('set-channel-account', async (em) => {
    const channel = await lockChannel(em, ctx.viewer, channelId);
    if (channel === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    const { connector } = CHANNELS[channel.platform];
    if (connector === null) return refuse('NO_API', 'channelId');
    if (channel.shopDomain === null) return refuse('SHOP_DOMAIN_MISSING', 'channelId');
    const form = [...connector.fields, ...scheduleFields(connector)];
    const given = new Map(fields.map(({ name, value }) => [name, value] as const));
    const known: Readonly<Record<string, string>> = { ...channel.settings, ...(channel.sealedAccount ? JSON.parse(vault.open(channel.sealedAccount, accountSeal(tenantId, channelId))) as Record<string, string> : {}) };
    const values: Readonly<Record<string, string | undefined>> = Object.fromEntries(form.map((field) => [field.name, given.get(field.name) ?? known[field.name] ?? field.standard]));
    const wrong = fields.find(({ name }) => !form.some((field) => field.name === name))?.name
      ?? form.find((field) => !field.form.test(values[field.name] ?? MISSING))?.name;
    if (wrong !== undefined) return refuse('ACCOUNT_FIELD_INVALID', 'fields', wrong);
    channel.settings = { ...pick(connector.fields, values, false), ...Object.fromEntries(scheduleFields(connector).flatMap(({ name }) => (values[name] ? [[name, values[name]]] : []))) };
    channel.sealedAccount = vault.seal(JSON.stringify(pick(connector.fields, values, true)), accountSeal(tenantId, channelId));
    // How long it is good shows when it is renewed for the first time.
    await em.execute('update channel_connection set token_expires_at = null, token_renew_at = null, token_failures = 0 where id = ?', [channelId]);
    await beginStreams(em, tenantId, channelId, connector, channel.settings);
    return { kind: 'set' };
  });
}

const pick = (fields: readonly AccountField[], values: Readonly<Record<string, string | undefined>>, secret: boolean): Record<string, string> =>
  Object.fromEntries(fields.filter((field) => field.secret === secret).map(({ name }) => [name, values[name] ?? '']));
