import { sqlMigrations } from '@quanyu/database';
import { defineSubgraph } from '@quanyu/subgraph';
import { AfterSale, AfterSaleLine } from './entities/after-sale.entity.js';
import { OrderException } from './entities/order-exception.entity.js';
import { OrderLine } from './entities/order-line.entity.js';
import { OwnChannel } from './entities/own-channel.entity.js';
import { Parcel, ParcelLine } from './entities/parcel.entity.js';
import { Payment, Refund } from './entities/payment.entity.js';
import { OrderEdit, OrderHold } from './entities/order-edit.entity.js';
import { OrderExport } from './entities/order-export.entity.js';
import { SalesOrder } from './entities/sales-order.entity.js';
import { TimelineEntry } from './entities/timeline-entry.entity.js';
import { Waybill } from './entities/waybill.entity.js';
import { consumers } from './events/consumers.js';
import { AfterSaleMutations } from './graphql/after-sale.mutation.js';
import { AfterSaleResolver, OrderAfterSalesResolver } from './graphql/after-sale.resolver.js';
import { ChannelCheckResolver } from './graphql/channel-check.resolver.js';
import { ChannelOrdersResolver } from './graphql/channel-orders.resolver.js';
import { contract } from './graphql/contract.js';
import { OrderDeedsMutations } from './graphql/order-deeds.mutation.js';
import { OrderDeskResolver, ParcelResolver } from './graphql/order-desk.resolver.js';
import { OrderEditMutations } from './graphql/order-edit.mutation.js';
import { OrderExportResolver } from './graphql/order-export.resolver.js';
import { OrderFiguresResolver } from './graphql/order-figures.resolver.js';
import { OrderLineResolver } from './graphql/order-line.resolver.js';
import { OrderResolver } from './graphql/order.resolver.js';
import { OwnChannelResolver } from './graphql/own-channel.resolver.js';
import { PaymentMutations } from './graphql/payment.mutation.js';
import { PrintResolver } from './graphql/print.resolver.js';
import { RetryReservationMutation } from './graphql/retry-reservation.mutation.js';
import { ShippingAdviceResolver } from './graphql/shipping-advice.resolver.js';
import { ShippingResolver } from './graphql/shipping.resolver.js';
import { RulesMutations } from './graphql/rules.mutation.js';
import { SellingResolver } from './graphql/selling.resolver.js';
import { OrderWaybillsResolver, ParcelTrackResolver, WaybillResolver } from './graphql/waybill.resolver.js';
import { OrderExceptionResolver } from './graphql/order-exception.resolver.js';
import { calls } from './http/calls.js';
import { orderExports } from './http/order-exports.js';
import { jobs } from './jobs/schedule.js';
import { afterSaleById } from './queries/after-sales.js';
import { orderById } from './queries/orders.js';

export const orders = defineSubgraph({
  name: 'orders',
  entities: [SalesOrder, OrderLine, OrderException, TimelineEntry, Parcel, ParcelLine, OwnChannel, Payment, Refund, AfterSale, AfterSaleLine, OrderEdit, OrderHold, OrderExport, Waybill],
  migrations: sqlMigrations(new URL('../migrations/', import.meta.url)),
  // Buyers: two batches each that place, open and pay, and what they read meanwhile.
  connections: 6,
  resolvers: [
    OrderResolver, OrderLineResolver, ChannelOrdersResolver, OrderDeskResolver, OrderExceptionResolver, ParcelResolver, RetryReservationMutation, OrderDeedsMutations,
    OrderEditMutations, OrderExportResolver, OwnChannelResolver, SellingResolver, PaymentMutations, OrderFiguresResolver, AfterSaleResolver,
    OrderAfterSalesResolver, AfterSaleMutations, ShippingAdviceResolver, RulesMutations, ChannelCheckResolver, WaybillResolver, OrderWaybillsResolver,
    ParcelTrackResolver, PrintResolver, ShippingResolver,
  ],
  contract,
  references: {
    Order: ({ id }, ctx) => {
      ctx.viewer.must('orders:read');
      return orderById(ctx).load(String(id));
    },
    AfterSale: ({ id }, ctx) => {
      ctx.viewer.must('orders:read');
      return afterSaleById(ctx).load(String(id));
    },
    // A viewer who may not see the channel gets nothing of it, not even an empty list.
    Channel: ({ id }, ctx) => (ctx.viewer.seesChannel(String(id)) ? { id } : null),
  },
  calls,
  consumers,
  http: orderExports,
  jobs,
});
