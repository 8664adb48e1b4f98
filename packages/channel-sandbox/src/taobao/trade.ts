/** A trade in the sandbox's words; amounts in yuan, times of Beijing. */
export interface TradeInput {
  readonly tid: string;
  readonly status: string;
  readonly created: string;
  readonly modified: string;
  readonly payTime?: string;
  readonly endTime?: string;
  readonly postFee?: string;
  readonly payment: string;
  readonly lines: readonly { readonly oid: string; readonly sku: string; readonly title: string; readonly num: number; readonly price: string; readonly divided: string }[];
}

/** Under which the platform knows the receiver of a trade. */
export const oaidOf = (tid: string): string => `1FakeOaid${tid.slice(-4)}`;

/** The JSON text of a trade as TOP writes it: ids as numbers beyond 2^53, people masked, the parcel's address behind an OAID. */
export function tradeText(trade: TradeInput): string {
  const orders = trade.lines.map((line, at) => `{"oid":${line.oid},"num":${line.num},"num_iid":6810000000000000${at},"sku_id":"510000000000000${at}","outer_iid":"","outer_sku_id":${JSON.stringify(line.sku)},` +
    `"title":${JSON.stringify(line.title)},"price":"${line.price}","payment":"${line.divided}","divide_order_fee":"${line.divided}","refund_status":"NO_REFUND","status":"${trade.status}"}`);
  const optional = [trade.payTime && `"pay_time":"${trade.payTime}",`, trade.endTime && `"end_time":"${trade.endTime}",`].filter(Boolean).join('');
  return `{"tid":${trade.tid},"status":"${trade.status}","type":"fixed","created":"${trade.created}","modified":"${trade.modified}",${optional}"payment":"${trade.payment}","post_fee":"${trade.postFee ?? '0.00'}",` +
    '"buyer_message":"请周末送达","seller_memo":"改为发顺丰","shipping_type":"express","buyer_open_uid":"AAFakeBuyer0001","receiver_name":"张**","receiver_mobile":"*******0001","receiver_state":"浙江省","receiver_city":"杭州市","receiver_district":"西湖区","receiver_town":"**街道","receiver_address":"**路**号",' +
    `"receiver_zip":"000000","oaid":"${oaidOf(trade.tid)}","orders":{"order":[${orders.join(',')}]}}`;
}
