import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { ChannelSku } from './entities/channel-sku.entity.js';
import { Price } from './entities/price.entity.js';
import { Product } from './entities/product.entity.js';
import { Sku } from './entities/sku.entity.js';
import { consumers } from './events/consumers.js';
import { AddSkuMutation } from './graphql/add-sku.mutation.js';
import { ChannelProductResolver, ChannelVariantResolver, ListedByChannelResolver } from './graphql/channel-product.resolver.js';
import { ChannelSkuResolver } from './graphql/channel-sku.resolver.js';
import { contract } from './graphql/contract.js';
import { CreateProductMutation } from './graphql/create-product.mutation.js';
import { MapChannelSkuMutation } from './graphql/map-channel-sku.mutation.js';
import { ProductChangedResolver } from './graphql/product-changed.resolver.js';
import { ProductsChangedResolver } from './graphql/products-changed.resolver.js';
import { ProductResolver } from './graphql/product.resolver.js';
import { FloorPriceResolver } from './graphql/floor-price.resolver.js';
import { SetPriceMutation } from './graphql/set-price.mutation.js';
import { SkuResolver } from './graphql/sku.resolver.js';
import { calls } from './http/calls.js';
import { productById } from './queries/products.js';
import { skuById } from './queries/skus.js';

export const catalog = defineSubgraph({
  name: 'catalog',
  entities: [Product, Sku, Price, ChannelSku],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  resolvers: [ProductResolver, ProductChangedResolver, ProductsChangedResolver, SkuResolver, ChannelSkuResolver, ListedByChannelResolver, ChannelProductResolver, ChannelVariantResolver, CreateProductMutation, AddSkuMutation, SetPriceMutation, FloorPriceResolver, MapChannelSkuMutation],
  contract,
  references: {
    // A channel is the room's of the bridge: any id is taken, and one that lists nothing lists nothing.
    Channel: ({ id }) => ({ id }),
    Product: ({ id }, ctx) => {
      ctx.viewer.must('catalog:read');
      return productById(ctx).load(String(id));
    },
    Sku: ({ id }, ctx) => {
      ctx.viewer.must('catalog:read');
      return skuById(ctx).load(String(id));
    },
  },
  calls,
  consumers,
});
