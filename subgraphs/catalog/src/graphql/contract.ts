import type { Contract } from '@quanyu/subgraph';

/** What the fields of this room ask for, and what of them partners see. */
export const contract: Contract = {
  scopes: {
    'Query.products': 'catalog:read',
    'Query.product': 'catalog:read',
    'Query.skus': 'catalog:read',
    'Subscription.productsChanged': 'catalog:read',
    'Sku.channelNames': 'catalog:read',
    'Channel.listedProducts': 'catalog:read',
    'Channel.listedVariants': 'catalog:read',
    'Mutation.addSku': 'catalog:write',
    'Mutation.createProduct': 'catalog:write',
    'Mutation.mapChannelSku': 'catalog:write',
    'Mutation.setPrice': 'catalog:write',
    'Mutation.setFloorPrice': 'catalog:write',
    'Sku.floorPrices': 'catalog:write',
  },
  public: { Query: ['products'] },
  // The product page of a live sale is asked for far more often than products change; events end it sooner. Lists are
  // kept too, up to the next change of any product.
  cacheSeconds: { 'Query.product': 300, 'Product.skus': 300, 'Query.products': 300, 'ProductConnection.nodes': 300, 'ProductEdge.node': 300, 'Query.skus': 300 },
};
