import { firstOf } from '../reading/order-people.js';

/** What a shop calls a SKU, the same in lines of orders and in its list; its number of old times is 0 where there is none. */
export const skuName = ({ code, out_sku_id: old }: { readonly code?: string | null | undefined; readonly out_sku_id?: string | null | undefined }): string | null => firstOf(code, old === '0' ? null : old);
