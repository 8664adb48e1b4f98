// What connectors may be given, in the paths of the port. Each names its own list; these are the usual ones.

/** Goods as anybody may see them. */
export const PUBLIC_PRODUCT = ['sourceId', 'title', 'brand', 'status', 'currency', 'skus.code', 'skus.title', 'skus.options', 'skus.barcode', 'skus.weightGrams', 'skus.priceMinor'] as const;

/** What whoever packs an order needs: what, how many, where to, and its sums; nothing of who paid how, signed in, or was reached by what. */
export const ORDER_TO_PACK = [
  'sourceId', 'orderNumber', 'placedAt', 'currency', 'lines.externalSku', 'lines.title', 'lines.quantity', 'lines.unitPriceMinor', 'discountMinor', 'shippingMinor', 'taxMinor', 'totalMinor',
  'shipTo.name', 'shipTo.phone', 'shipTo.address1', 'shipTo.address2', 'shipTo.city', 'shipTo.province', 'shipTo.postalCode', 'shipTo.countryCode',
] as const;

/** The same for who packs orders of many channels: which one, what it is called there, and what was wished and written with it. */
export const ORDER_TO_SHIP = [...ORDER_TO_PACK, 'platform', 'externalOrderId', 'lines.lineId', 'shippingHints.method', 'notes.buyer', 'notes.gift', 'notes.instructions', 'notes.seller'] as const;

/** What whoever counts goods needs: what has been sold and for how much, not to whom. */
export const ORDER_TO_COUNT = [
  'sourceId', 'platform', 'externalOrderId', 'orderNumber', 'placedAt', 'currency', 'lines.lineId', 'lines.externalSku', 'lines.title', 'lines.quantity', 'lines.unitPriceMinor', 'discountMinor', 'shippingMinor', 'taxMinor', 'totalMinor',
] as const;
