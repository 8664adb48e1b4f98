import type { AccountField, Client, ClientContext, Connector } from '../connector.js';
import { CONTRACTS_FIELD, contractsOf } from './contracts.js';

type Desk = Required<Pick<Client, 'issueWaybill' | 'trackParcel' | 'followParcel'>>;

/**
 * A service of many carriers: it numbers parcels under contracts that the merchant has with them, tells where parcels
 * are, and knows no order. @param fields what opens it; the first names the account
 */
export const carrierDesk = (fields: readonly [AccountField, ...AccountField[]], open: (context: ClientContext) => Desk): Connector => ({
  fields: [...fields, CONTRACTS_FIELD],
  capabilities: ['issueWaybill', 'trackParcel', 'followParcel'],
  numbers: 'CLEAR',
  carriersOf: (account) => Object.keys(contractsOf(account)),
  stock: null,
  rate: { burst: 10, perSecond: 10 },
  pull: null,
  open: (context) => {
    const desk = open(context);
    return {
      check: async () => {
        // There is no such parcel: whoever may ask for it is known.
        await desk.trackParcel({ carrier: 'SF', trackingNumber: 'SF0000000000000', phoneEnd: '0000' });
        return { shopName: context.account.settings[fields[0].name] ?? '', apiVersion: null };
      },
      ...desk,
    };
  },
});
