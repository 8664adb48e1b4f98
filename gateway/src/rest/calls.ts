/** One call of the REST mirror: an address, and the document that answers it on the graph of partners. */
export interface RestCall {
  /** Below `/rest/v1`; `{id}` is a variable of the document, all others come from the query. */
  readonly path: string;
  readonly summary: string;
  readonly document: string;
  /** The one field whose value is the answer; null there is 404. */
  readonly field: string;
}

const PAGE = 'pageInfo { hasNextPage endCursor }';
const MONEY = '{ amount currency }';
const ORDER = `id orderNumber externalOrderId platform status paymentState placedAt paidAt shippedAt version channel { id name } amounts { items ${MONEY} discount ${MONEY} shipping ${MONEY} tax ${MONEY} total ${MONEY} }
  lines { id title quantity sku { id code } } parcels { carrier trackingNumber shippedAt }`;
const SKU = `id code title barcode weightGrams options { name value } stock { onHand reserved available }`;

/**
 * The few calls that a partner without GraphQL needs, each a document of the public graph: the same keys, scopes, limits
 * and words, nothing more and nothing else. What changes something is GraphQL's.
 */
export const REST_CALLS: readonly RestCall[] = [
  { path: '/key', summary: 'What this key is for, and which channels it may see.', field: 'viewer', document: 'query RestKey { viewer { kind name scopes allChannels channels { id name platform } } }' },
  { path: '/channels', summary: 'The channels that this key may see.', field: 'channels', document: `query RestChannels($first: Int = 20, $after: String) { channels(first: $first, after: $after) { nodes { id name platform status } ${PAGE} } }` },
  { path: '/orders', summary: 'Orders, newest first; `query` as people write it: `status:to_ship`.', field: 'orders', document: `query RestOrders($first: Int = 20, $after: String, $query: String) { orders(first: $first, after: $after, query: $query) { nodes { ${ORDER} } ${PAGE} } }` },
  { path: '/orders/{id}', summary: 'One order.', field: 'order', document: `query RestOrder($id: ID!) { order(id: $id) { ${ORDER} } }` },
  { path: '/products', summary: 'Products, newest first; `query` is text in titles and codes.', field: 'products', document: `query RestProducts($first: Int = 20, $after: String, $query: String) { products(first: $first, after: $after, query: $query) { nodes { id title brand status skus { id code } } ${PAGE} } }` },
  { path: '/skus', summary: 'SKUs by their codes, with what can be sold of them and what they cost: `codes=A&codes=B`.', field: 'skus', document: `query RestSkus($codes: [String!]!, $currency: CurrencyCode = "CNY") { skus(codes: $codes) { ${SKU} price(currency: $currency) ${MONEY} } }` },
];
