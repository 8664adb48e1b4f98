// What a buyer reads of an order: where it stands and its number, nothing of what it holds, costs or where it goes.

export const ORDER_NEWS = ['CONFIRMED', 'SHIPPED', 'CANCELLED'] as const;
export interface BuyerNews { readonly orderId: string; readonly news: (typeof ORDER_NEWS)[number]; readonly trackingNumber: string | null }

interface Letter { readonly subject: string; readonly text: string }
type Told = Pick<BuyerNews, 'news' | 'trackingNumber'> & { readonly orderNumber: string };

const LETTERS: Readonly<Record<'en' | 'zh-CN', Readonly<Record<BuyerNews['news'], (told: Told) => Letter>>>> = {
  en: {
    CONFIRMED: ({ orderNumber }) => ({ subject: `Your order ${orderNumber} is confirmed`, text: `We have your order ${orderNumber} and its payment, and are packing it. You hear from us again when it is on its way.` }),
    SHIPPED: ({ orderNumber, trackingNumber }) => ({ subject: `Your order ${orderNumber} is on its way`, text: `Your order ${orderNumber} has left our house${trackingNumber === null ? '' : `. The number of the parcel is ${trackingNumber}`}.` }),
    CANCELLED: ({ orderNumber }) => ({ subject: `Your order ${orderNumber} has been cancelled`, text: `Your order ${orderNumber} has been cancelled. What was paid for it goes back the way it came.` }),
  },
  'zh-CN': {
    CONFIRMED: ({ orderNumber }) => ({ subject: `订单 ${orderNumber} 已确认`, text: `我们已收到您的订单 ${orderNumber} 及付款，正在备货；发货后会再次通知您。` }),
    SHIPPED: ({ orderNumber, trackingNumber }) => ({ subject: `订单 ${orderNumber} 已发货`, text: `您的订单 ${orderNumber} 已发货${trackingNumber === null ? '' : `，物流单号：${trackingNumber}`}。` }),
    CANCELLED: ({ orderNumber }) => ({ subject: `订单 ${orderNumber} 已取消`, text: `您的订单 ${orderNumber} 已取消，已付款项将原路退回。` }),
  },
};

const CHINESE = ['CN', 'HK', 'MO', 'TW'];

/** @param countryCode where the parcel goes: the language is guessed from it, where nobody has said one */
export const buyerLetter = (told: Told, countryCode: string | null): Letter => LETTERS[CHINESE.includes(countryCode ?? '') ? 'zh-CN' : 'en'][told.news](told);
