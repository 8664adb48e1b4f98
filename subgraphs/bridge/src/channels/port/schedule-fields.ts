import type { AccountField, Connector, PullPolicy } from '../connector.js';

const MINUTES = /^([1-9]\d{0,2}|1[0-3]\d{2}|1440)?$/;
const HOUR = /^(1?\d|2[0-3])?$/;
const field = (name: string, form: RegExp): AccountField => ({ name, secret: false, standard: '', form });

/** When a channel is read, where its people want it otherwise than usual: minutes between readings, an hour by the clock of Beijing. */
export const scheduleFields = ({ pull, capabilities }: Pick<Connector, 'pull' | 'capabilities'>): readonly AccountField[] => [
  ...(pull === null ? [] : [field('ordersEveryMinutes', MINUTES)]),
  ...(capabilities.includes('listGoods') ? [field('goodsEveryMinutes', MINUTES)] : []),
  ...(capabilities.includes('listCustomers') ? [field('customersAtHour', HOUR)] : []),
];

export const secondsBetween = ({ everySeconds }: PullPolicy, settings: Readonly<Record<string, string>>): number => (settings['ordersEveryMinutes'] ? Number(settings['ordersEveryMinutes']) * 60 : everySeconds);
