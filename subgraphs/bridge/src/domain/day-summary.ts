// What the bridge did for a merchant in a day, in one message: what went well, what did not, what still waits.

export interface DayCounts {
  readonly ordersTaken: number; readonly webhooksDead: number; readonly readingsFailed: number; readonly parcelsTold: number; readonly parcelsDead: number;
  readonly figuresTold: number; readonly figuresFailed: number; readonly copiesGiven: number; readonly copiesFailed: number; readonly alertsRaised: number; readonly alertsOpen: number;
}

const LINES: readonly (readonly [string, string, keyof DayCounts, keyof DayCounts])[] = [
  ['Orders and webhooks taken in', '接收订单与推送', 'ordersTaken', 'webhooksDead'],
  ['Tracking numbers told', '回传物流单号', 'parcelsTold', 'parcelsDead'],
  ['Stock figures told', '同步库存', 'figuresTold', 'figuresFailed'],
  ['Products and orders given', '推送商品与订单', 'copiesGiven', 'copiesFailed'],
];

/** One sentence for a phone or a room, and the lines behind it for a mail; in both languages. */
export function summaryOf(day: string, counts: DayCounts): { readonly message: string; readonly messageZh: string; readonly details: string } {
  const bad = counts.webhooksDead + counts.readingsFailed + counts.parcelsDead + counts.figuresFailed + counts.copiesFailed;
  const message = `${day}: ${counts.ordersTaken} taken in, ${counts.parcelsTold} parcels told, ${bad} failures, ${counts.alertsOpen} alerts open.`;
  const messageZh = `${day}：接收 ${counts.ordersTaken}，回传 ${counts.parcelsTold}，失败 ${bad}，未关闭告警 ${counts.alertsOpen}。`;
  const details = [
    ...LINES.map(([en, zh, done, failed]) => `${en} / ${zh}: ${counts[done]}${counts[failed] === 0 ? '' : `, ${counts[failed]} failed / 失败`}`),
    `Readings that failed / 读取失败: ${counts.readingsFailed}`, `Alerts raised / 新告警: ${counts.alertsRaised}`,
  ].join('\n');
  return { message, messageZh, details };
}
