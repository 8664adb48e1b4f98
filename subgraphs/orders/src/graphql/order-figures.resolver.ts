import { orderFiguresChanged, type EventOf } from '@quanyu/events';
import { parseId } from '@quanyu/ids';
import { CurrencyCode, follow, MoneyType, ProductError, toMoneyType, type GraphContext } from '@quanyu/subgraph';
import { Arg, Ctx, Field, Float, ID, Int, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql';
import { DEFAULT_TIME_ZONE, dayIn } from '../domain/business-day.js';
import { addFigures, averageMinor, NO_FIGURES, rate, type Figures } from '../domain/figures.js';
import { orderFigures, type FigureRow } from '../queries/order-figures.js';

@ObjectType()
class OrderFigureValues {
  @Field(() => CurrencyCode) currency!: string;
  @Field(() => Int, { description: 'Orders that were confirmed: paid and held.' }) orders!: number;
  @Field(() => MoneyType, { description: 'Gross merchandise value: what these orders cost.' }) gmv!: MoneyType;
  @Field(() => MoneyType, { nullable: true, description: 'Null without orders.' }) averageValue!: MoneyType | null;
  @Field(() => Int, { description: 'Confirmed orders that were cancelled on the day.' }) cancelled!: number;
  @Field(() => MoneyType, { description: "What has gone back of the day's orders by after-sales." }) refunded!: MoneyType;
  @Field(() => Float, { nullable: true, description: "Share of the day's orders of which something came back, 0 to 1; null without orders." }) returnRate!: number | null;
  @Field(() => Int, { description: "Of the day's orders, those that have been shipped." }) shipped!: number;
  @Field(() => Float, { nullable: true, description: 'Share of the shipped ones that went out within 48 hours, 0 to 1; null while none has.' }) onTimeRate!: number | null;
}

@ObjectType({ description: "A channel's figures of a day in a currency. They belong to the day on which an order was confirmed." })
export class OrderFigures extends OrderFigureValues {
  @Field({ description: "YYYY-MM-DD, by the merchant's time zone." }) day!: string;
  @Field(() => ID, { description: 'A channel of the bridge, or one of our own.' }) channelId!: string;
}

@ObjectType({ description: 'The sums of a range of days in a currency.' })
export class OrderFigureTotals extends OrderFigureValues {}

@ObjectType()
class OrderFiguresResult {
  @Field(() => [OrderFigures], { description: 'Newest day first; days and channels without anything are left out.' }) rows!: OrderFigures[];
  @Field(() => [OrderFigureTotals], { description: 'One for each currency.' }) totals!: OrderFigureTotals[];
}

const valuesOf = (currency: string, figures: Figures): OrderFigureValues => {
  const average = averageMinor(figures);
  return {
    currency, orders: figures.orders, gmv: toMoneyType(figures.gmvMinor, currency), averageValue: average === null ? null : toMoneyType(average, currency), cancelled: figures.cancelled,
    refunded: toMoneyType(figures.refundedMinor, currency), returnRate: rate(figures.returned, figures.orders), shipped: figures.shipped, onTimeRate: rate(figures.shippedOnTime, figures.shipped),
  };
};
const toFigures = (row: FigureRow): OrderFigures => ({ ...valuesOf(row.currency, row), day: row.day, channelId: row.connectionId });

function totalsOf(rows: readonly FigureRow[]): OrderFigureTotals[] {
  const sums = new Map<string, Figures>();
  for (const row of rows) sums.set(row.currency, addFigures(sums.get(row.currency) ?? NO_FIGURES, row));
  return [...sums].map(([currency, figures]) => valuesOf(currency, figures));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LONGEST_RANGE_DAYS = 400;

function checkDays(from: string, to: string): void {
  const [first, last] = [from, to].map((day) => (DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN)) as [number, number];
  const days = (last - first) / 86_400_000;
  if (!(days >= 0 && days <= LONGEST_RANGE_DAYS)) throw new ProductError('INPUT_INVALID', 'from, to');
}

@Resolver()
export class OrderFiguresResolver {
  @Query(() => OrderFiguresResult, { description: 'Figures of days, from and to inclusive, at most 400 days. Kept by events: no order is counted to answer.' })
  async orderFigures(@Ctx() ctx: GraphContext, @Arg('from') from: string, @Arg('to') to: string, @Arg('channelIds', () => [ID], { nullable: true }) channelIds?: string[]): Promise<OrderFiguresResult> {
    ctx.viewer.must('orders:read');
    checkDays(from, to);
    const rows = await orderFigures(ctx, { from, to, channelIds: channelIds?.map((id) => parseId('con', id)) });
    return { rows: rows.map(toFigures), totals: totalsOf(rows) };
  }

  @Subscription(() => OrderFigures, {
    nullable: true,
    description: "The figures of today, then of each channel's day as they change, in the channels that you may see.",
    subscribe: follow<{ channelIds?: string[] }>(({ channelIds }, ctx) => {
      ctx.viewer.must('orders:read');
      const wanted = channelIds && new Set<string>(channelIds.map((id) => parseId('con', id)));
      return {
        types: [orderFiguresChanged.type],
        match: (event) => {
          const { connectionId } = (event as EventOf<typeof orderFiguresChanged>).data;
          return ctx.viewer.seesChannel(connectionId) && (wanted?.has(connectionId) ?? true);
        },
        keyOf: (event) => Object.values((event as EventOf<typeof orderFiguresChanged>).data).join('/'),
        current: async () => {
          const today = dayIn(DEFAULT_TIME_ZONE, new Date());
          return (await orderFigures(ctx, { from: today, to: today, channelIds: wanted && [...wanted] })).map(({ connectionId, day, currency }) => ({ connectionId, day, currency }));
        },
      };
    }),
  })
  async orderFiguresChanged(@Root() { data }: EventOf<typeof orderFiguresChanged>, @Ctx() ctx: GraphContext, @Arg('channelIds', () => [ID], { nullable: true }) _channelIds?: string[]): Promise<OrderFigures | null> {
    const rows = await orderFigures(ctx, { from: data.day, to: data.day, channelIds: [data.connectionId] });
    const row = rows.find(({ currency }) => currency === data.currency);
    return row === undefined ? null : toFigures(row);
  }
}
