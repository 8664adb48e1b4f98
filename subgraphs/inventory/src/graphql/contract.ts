import type { Contract } from '@quanyu/subgraph';

/** What the fields of this room ask for, and what of them partners see. */
export const contract: Contract = {
  scopes: {
    'Query.stockLevels': 'inventory:read',
    'Sku.stock': 'inventory:read',
    'Mutation.setStockOnHand': 'inventory:write',
    'Subscription.stockLevelChanged': 'inventory:read',
  },
  public: {
    Query: ['stockLevels'], Subscription: ['stockLevelChanged'], Sku: ['id', 'stock'], SkuStock: ['onHand', 'reserved', 'available'],
    StockLevel: ['id', 'onHand', 'reserved', 'available', 'version', 'updatedAt', 'sku', 'location'], Location: 'all',
  },
};
