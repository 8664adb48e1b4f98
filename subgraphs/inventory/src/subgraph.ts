import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { AllocationRuleEntity } from './entities/allocation-rule.entity.js';
import { Location } from './entities/location.entity.js';
import { PublishedQuantity } from './entities/published-quantity.entity.js';
import { Reservation, ReservationLine } from './entities/reservation.entity.js';
import { StockChannel } from './entities/stock-channel.entity.js';
import { StockException } from './entities/stock-exception.entity.js';
import { StockImport } from './entities/stock-import.entity.js';
import { StockLevel } from './entities/stock-level.entity.js';
import { StockMovement } from './entities/stock-movement.entity.js';
import { StockPolicyEntity } from './entities/stock-policy.entity.js';
import { StockTake, StockTakeLine } from './entities/stock-take.entity.js';
import { consumers } from './events/consumers.js';
import { contract } from './graphql/contract.js';
import { ActivityStockResolver } from './graphql/activity-stock.resolver.js';
import { AdjustStockMutations } from './graphql/adjust-stock.mutation.js';
import { AllocationPreviewResolver, AllocationResolver, PublishedQuantityResolver, StockChannelResolver, StockPolicyResolver } from './graphql/allocation.resolver.js';
import { AllocationSettingsMutations } from './graphql/allocation-settings.mutation.js';
import { LocationResolver } from './graphql/location.resolver.js';
import { MovementResolver } from './graphql/movement.resolver.js';
import { ReservationDeedsMutations } from './graphql/reservation-deeds.mutation.js';
import { OutsideAcknowledgementResolver, ReservationLineResolver, ReservationResolver } from './graphql/reservation.resolver.js';
import { ReserveStockMutation } from './graphql/reserve-stock.mutation.js';
import { SetStockOnHandMutation } from './graphql/set-stock-on-hand.mutation.js';
import { SkuStockFiguresResolver, SkuStockResolver } from './graphql/sku-stock.resolver.js';
import { StockDriftMutations } from './graphql/stock-drift.mutation.js';
import { StockExceptionResolver } from './graphql/stock-exception.resolver.js';
import { StockImportResolver } from './graphql/stock-import.resolver.js';
import { HoldToReleaseResolver, PastStockLevelResolver, StockLevelResolver } from './graphql/stock-level.resolver.js';
import { StockTakeLineResolver, StockTakeResolver } from './graphql/stock-take.resolver.js';
import { calls } from './http/calls.js';
import { stockImports } from './http/stock-imports.js';
import { jobs } from './jobs/schedule.js';
import { levelById } from './queries/stock-levels.js';

export const inventory = defineSubgraph({
  name: 'inventory',
  entities: [
    Location, StockLevel, StockMovement, Reservation, ReservationLine, AllocationRuleEntity, StockPolicyEntity, StockChannel, PublishedQuantity, StockException,
    StockTake, StockTakeLine, StockImport,
  ],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  resolvers: [
    StockLevelResolver, SkuStockResolver, SetStockOnHandMutation, ReserveStockMutation, ReservationDeedsMutations, AllocationResolver, StockPolicyResolver, StockChannelResolver, PublishedQuantityResolver,
    AllocationPreviewResolver, AllocationSettingsMutations, StockExceptionResolver, SkuStockFiguresResolver, PastStockLevelResolver, HoldToReleaseResolver,
    LocationResolver, MovementResolver, ReservationResolver, ReservationLineResolver, OutsideAcknowledgementResolver, AdjustStockMutations, StockTakeResolver, StockTakeLineResolver, StockDriftMutations,
    StockImportResolver, ActivityStockResolver,
  ],
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
  http: stockImports,
  consumers,
  jobs,
});
