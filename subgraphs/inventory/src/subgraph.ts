import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { Location } from './entities/location.entity.js';
import { Reservation, ReservationLine } from './entities/reservation.entity.js';
import { StockLevel } from './entities/stock-level.entity.js';
import { StockMovement } from './entities/stock-movement.entity.js';
import { consumers } from './events/consumers.js';
import { contract } from './graphql/contract.js';
import { ReservationDeedsMutations } from './graphql/reservation-deeds.mutation.js';
import { ReserveStockMutation } from './graphql/reserve-stock.mutation.js';
import { SetStockOnHandMutation } from './graphql/set-stock-on-hand.mutation.js';
import { SkuStockResolver } from './graphql/sku-stock.resolver.js';
import { StockLevelResolver } from './graphql/stock-level.resolver.js';
import { calls } from './http/calls.js';
import { jobs } from './jobs/schedule.js';
import { levelById } from './queries/stock-levels.js';

export const inventory = defineSubgraph({
  name: 'inventory',
  entities: [Location, StockLevel, StockMovement, Reservation, ReservationLine],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  resolvers: [StockLevelResolver, SkuStockResolver, SetStockOnHandMutation, ReserveStockMutation, ReservationDeedsMutations],
  contract,
  references: {
    // A SKU is the catalog's: any id is taken, and one without stock has zero.
    Sku: ({ id }) => ({ id }),
    StockLevel: ({ id }, ctx) => {
      ctx.viewer.must('inventory:read');
      return levelById(ctx).load(String(id));
    },
  },
  calls,
  consumers,
  jobs,
});
