import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventOf, yearCardChanged } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { LabelError, parseTemplate, standardTemplate, type LabelSize, type LabelTemplate } from '@quanyu/labels';
import { normalisePhone } from '@quanyu/pii';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { provinceKey } from '../../domain/carrier-choice.js';
import type { OrdersErrorCode } from '../../errors.js';
import { deliveryFault, type Address } from '../selling/delivery-address.js';
import { isCarrier } from '../after-sale/treat-after-sale.js';

type Done = { readonly kind: 'done' } | Refusal<OrdersErrorCode>;

/** Who stands as the sender on labels; sealed, since it may be a person's home. */
export async function setSender(ctx: GraphContext, address: Address): Promise<Done> {
  const { tenantId } = ctx.viewer;
  const phone = normalisePhone(address.phone, address.countryCode);
  const fault = deliveryFault(address, phone);
  if (fault !== null) return refuse('ADDRESS_INVALID', fault);
  const sealed = ctx.deps.vault.seal(JSON.stringify({ ...address, phone }), { tenantId, row: tenantId, field: 'sender' });
  await ctx.write('set-sender', (em) => em.execute('insert into sender (tenant_id, sealed) values (?, ?) on conflict (tenant_id) do update set sealed = excluded.sealed', [tenantId, sealed]));
  return { kind: 'done' };
}

export interface TemplateInput {
  readonly size: LabelSize;
  readonly slogan: string;
  readonly logo: string | null;
  /** JSON; null for the standard layout of the size. */
  readonly elements: string | null;
}

/** The template that an input means, checked. */
export function templateFrom({ size, slogan, logo, elements }: TemplateInput): LabelTemplate | Refusal<OrdersErrorCode> {
  try {
    if (elements === null) return standardTemplate(size, { slogan, logo });
    return parseTemplate({ size, slogan, logo, elements: JSON.parse(elements) as unknown });
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('TEMPLATE_INVALID', 'elements');
    if (!(error instanceof LabelError)) throw error;
    return error.code === 'LOGO_INVALID' ? refuse('LOGO_INVALID', 'logo') : refuse('TEMPLATE_INVALID', ...(error.path === '' ? ['elements'] : error.path.split('.')));
  }
}

/** Keeps how labels look, as a new template or in place of one. */
export function saveTemplate(ctx: GraphContext, { id, name, ...input }: TemplateInput & { readonly id: string | null; readonly name: string }): Promise<{ readonly kind: 'done'; readonly templateId: string } | Refusal<OrdersErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('save-label-template', async (em) => {
    if (name.trim() === '' || name.length > 100) return refuse('NAME_INVALID', 'name');
    const template = templateFrom(input);
    if ('kind' in template) return template;
    const templateId = id ?? newId('ltp');
    const rows = id === null
      ? await em.execute<unknown[]>('insert into label_template (id, tenant_id, name, template) values (?, ?, ?, ?::jsonb) returning 1', [templateId, tenantId, name.trim(), JSON.stringify(template)])
      : await em.execute<unknown[]>('update label_template set name = ?, template = ?::jsonb, version = version + 1 where tenant_id = ? and id = ? returning 1', [name.trim(), JSON.stringify(template), tenantId, id]);
    return rows.length === 0 ? refuse('TEMPLATE_NOT_FOUND', 'id') : { kind: 'done', templateId };
  });
}

export interface RateInput { readonly carrier: string; readonly province: string | null; readonly currency: string; readonly firstGrams: number; readonly firstMinor: number; readonly moreGrams: number; readonly moreMinor: number; readonly promisedHours: number }

/** What a carrier asks for a parcel to a province, or to everywhere else. */
export async function setCarrierRate(ctx: GraphContext, rate: RateInput): Promise<Done> {
  const { carrier, province, currency, firstGrams, firstMinor, moreGrams, moreMinor, promisedHours } = rate;
  const whole = [firstGrams, moreGrams].every((grams) => Number.isInteger(grams) && grams > 0 && grams <= 1_000_000) && [firstMinor, moreMinor].every((minor) => minor >= 0) && Number.isInteger(promisedHours) && promisedHours >= 1 && promisedHours <= 1_000;
  if (!isCarrier(carrier) || !whole || (province ?? '').length > 40) return refuse('RATE_INVALID', 'rate');
  const { tenantId } = ctx.viewer;
  await ctx.write('set-carrier-rate', (em) => em.execute(
    `insert into carrier_rate (tenant_id, carrier, province, currency, first_grams, first_minor, more_grams, more_minor, promised_hours) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, carrier, province) do update set currency = excluded.currency, first_grams = excluded.first_grams, first_minor = excluded.first_minor, more_grams = excluded.more_grams, more_minor = excluded.more_minor, promised_hours = excluded.promised_hours`,
    [tenantId, carrier, provinceKey(province), currency, firstGrams, firstMinor, moreGrams, moreMinor, promisedHours]));
  return { kind: 'done' };
}

/** Keeps whose orders go first; the newest word counts, in whatever order they come. */
export async function takeYearCard(em: EntityManager, tenantId: string, { memberId, validFrom, validUntil }: EventOf<typeof yearCardChanged>['data'], sequence: number): Promise<void> {
  await em.execute(
    `insert into year_card (tenant_id, member_id, valid_from, valid_until, sequence) values (?, ?, ?, ?, ?)
     on conflict (tenant_id, member_id) do update set valid_from = excluded.valid_from, valid_until = excluded.valid_until, sequence = excluded.sequence where year_card.sequence < excluded.sequence`,
    [tenantId, memberId, validFrom, validUntil, sequence]);
}
