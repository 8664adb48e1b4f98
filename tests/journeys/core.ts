/**
 * The journeys that must hold whatever becomes of a plug-in shop: from a channel's order and our own to the ledger, what a
 * member and a guest of a product page see, and what partners and other merchants may. Each asks the harness for a product.
 */
export const CORE_JOURNEYS = ['channel-order-to-ledger/journey', 'shoplazza-order', 'own-order', 'member-buys', 'product-page', 'partner-rest', 'two-tenants'] as const;

/** Tells them to the house that is shared in this test file. */
export async function tellCoreJourneys(): Promise<void> {
  for (const journey of CORE_JOURNEYS) await import(`./${journey}.test.js`);
}
