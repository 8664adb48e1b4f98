// What a label says of goods and people: short, and on one line.

const LONGEST = 200;

/** `Mug x2; Tea x1`, as much as fits. */
export function goodsText(lines: readonly { readonly title: string; readonly externalSku: string; readonly quantity: number; readonly shippedQuantity: number }[]): string {
  const text = lines.filter(({ quantity, shippedQuantity }) => quantity > shippedQuantity).map(({ title, externalSku, quantity, shippedQuantity }) => `${(title || externalSku).trim()} x${quantity - shippedQuantity}`).join('; ');
  return text.length <= LONGEST ? text || '-' : `${text.slice(0, LONGEST - 1)}…`;
}

export const CARRIER_NAMES: Readonly<Record<string, string>> = { SF: '顺丰速运', ZTO: '中通快递', YTO: '圆通速递', STO: '申通快递', YUNDA: '韵达快递', EMS: '邮政 EMS', DEPPON: '德邦快递' };
