import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id, instant, minor } from '../fields.js';

const externalId = z.string().min(1).max(128);

/** What a shop sells under one id of its own. */
export const toldVariant = z.object({
  externalVariantId: externalId,
  /** The shop's SKU text, else `variant:<id>`: what a line of an order would say. */
  externalSku: z.string().min(1).max(512),
  title: z.string().max(512),
  /** In minor units of the product's currency; null where the shop tells none, or one that the currency cannot hold. */
  priceMinor: minor.nullable(),
  compareAtMinor: minor.nullable(),
  /** As the shop counts; it may say less than none. */
  quantity: z.int().nullable(),
  /** As the shop tells it: `0.350`, `kg`. */
  weight: z.object({ value: z.string().max(32), unit: z.string().max(16) }).nullable(),
  requiresShipping: z.boolean().nullable(),
  /** The values of the product's options, in their order. */
  options: z.array(z.string().max(255)).max(10),
});

/** What a shop says of a product, apart from its variants. */
export const toldProduct = z.object({
  title: z.string().max(512),
  /** As the shop tells it: HTML of a stranger. */
  bodyHtml: z.string().max(100_000).nullable(),
  vendor: z.string().max(255).nullable(),
  productType: z.string().max(255).nullable(),
  handle: z.string().max(512).nullable(),
  tags: z.array(z.string().max(255)).max(250),
  status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED']),
  publishedAt: instant.nullable(),
  options: z.array(z.object({ name: z.string().max(255), values: z.array(z.string().max(255)).max(1000) })).max(10),
  images: z.array(z.object({ externalImageId: externalId, src: z.string().min(1).max(1024), position: z.int().positive(), width: z.int().nullable(), height: z.int().nullable() })).max(250),
});

export const channelProductTold = defineEvent(
  'bridge.channel-product-told.v1',
  {
    summary: 'What a channel sells, as it stands there: a product with all its variants, in parts where there are many. Comes again, late and out of order without harm.',
    subject: (data) => `${data.connectionId}/${data.externalProductId}`,
  },
  z.object({
    connectionId: id,
    platform: z.string(),
    externalProductId: externalId,
    /** By the platform's clock, then by ours: of two tellings the later pair is newer, and what it does not name is gone. */
    changedAt: instant,
    readAt: instant,
    /** From 1. */
    part: z.int().positive(),
    parts: z.int().positive(),
    /** Of the prices; null where no variant has one. */
    currency: currency.nullable(),
    /** In the first part only. */
    product: toldProduct.nullable(),
    variants: z.array(toldVariant).max(500),
    /** The channel sells it no more: nothing else is told. */
    removed: z.boolean(),
  }),
);
