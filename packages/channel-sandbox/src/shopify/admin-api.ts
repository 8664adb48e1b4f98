import { execute, parse, validate, type DocumentNode } from 'graphql';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';
import { ADMIN_SCHEMA } from './admin-schema.js';
import { ShopifyShop } from './shop.js';

const VERSION = /^\/admin\/api\/(\d{4}-\d{2}|unstable)\/graphql\.json$/;
/** Older versions are answered by the oldest one that is still served, which its header tells. */
const OLDEST_SERVED = '2025-01';
const BUDGET = { most: 2000, perSecond: 100 };
const MOST_POINTS = 1000;

/** Shopify: its shops, by their names, each with a token, a budget of points and the Admin API. */
export function shopifySandbox(shops: readonly ShopifyShop[], now: () => number = Date.now): SandboxPlatform {
  const budgets = new Map<string, { left: number; at: number }>();
  return {
    name: 'shopify',
    owns: (host) => host.endsWith('.myshopify.com'),
    answer: async (request) => {
      const shop = shops.find(({ domain }) => domain === request.host);
      if (shop === undefined) return json(404, { errors: 'Not Found' });
      const version = VERSION.exec(request.path)?.[1];
      if (version === undefined || request.method !== 'POST') return json(404, { errors: 'Not Found' });
      if (request.headers['x-shopify-access-token'] !== shop.accessToken) return json(401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' });
      return ask(shop, request, version < OLDEST_SERVED ? OLDEST_SERVED : version, budgets, now());
    },
  };
}

async function ask(shop: ShopifyShop, request: SandboxRequest, version: string, budgets: Map<string, { left: number; at: number }>, now: number): Promise<SandboxResponse> {
  const { query, variables } = JSON.parse(request.body.toString()) as { query: string; variables?: Record<string, unknown> };
  const headers = { 'x-shopify-api-version': version };
  const document = read(query);
  if (typeof document === 'string') return json(200, { errors: [{ message: document }] }, headers);
  const cost = costOf(document);
  const budget = budgets.get(shop.domain) ?? { left: BUDGET.most, at: now };
  budget.left = Math.min(BUDGET.most, budget.left + ((now - budget.at) / 1000) * BUDGET.perSecond);
  budget.at = now;
  budgets.set(shop.domain, budget);
  const status = () => ({ maximumAvailable: BUDGET.most, currentlyAvailable: Math.floor(budget.left), restoreRate: BUDGET.perSecond });
  if (cost > MOST_POINTS) return json(200, { errors: [{ message: `Query cost is ${cost}, which exceeds the single query max cost limit (${MOST_POINTS}).`, extensions: { code: 'MAX_COST_EXCEEDED', cost, maxCost: MOST_POINTS } }] }, headers);
  if (cost > budget.left) return json(200, { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost: { requestedQueryCost: cost, actualQueryCost: null, throttleStatus: status() } } }, headers);
  budget.left -= cost;
  const result = await execute({ schema: ADMIN_SCHEMA, document, rootValue: shop.root(), variableValues: variables ?? {} });
  return json(200, { ...result, extensions: { cost: { requestedQueryCost: cost, actualQueryCost: cost, throttleStatus: status() } } }, headers);
}

function read(query: string): DocumentNode | string {
  try {
    const document = parse(query);
    const [error] = validate(ADMIN_SCHEMA, document);
    return error === undefined ? document : error.message;
  } catch (error) {
    return String(error);
  }
}

/** Ten for a mutation, one for each object that is asked for by name; lists in lists count as the outer one does. */
function costOf(document: DocumentNode): number {
  const text = JSON.stringify(document);
  return (text.includes('"operation":"mutation"') ? 10 : 1) + [...text.matchAll(/"name":\{"kind":"Name","value":"first"[^}]*\}[^}]*"value":\{"kind":"IntValue","value":"(\d+)"/g)].reduce((sum, [, first]) => sum + Number(first), 0);
}

const json = (status: number, body: object, headers: Record<string, string> = {}): SandboxResponse =>
  ({ status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) });
