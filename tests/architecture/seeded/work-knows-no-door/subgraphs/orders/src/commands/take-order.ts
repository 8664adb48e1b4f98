import type { TakeOrderInput } from '../graphql/take-order.mutation.js';

export const takeOrder = (input: TakeOrderInput): string => input.id;
