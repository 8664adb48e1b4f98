import { PlatformError } from '../../outbound/platform-error.js';
import type { Client, Connector } from '../connector.js';
import { downloadBill } from './bill.js';
import { KEY_FORM } from '../signing/pem.js';
import { callMiniProgram, renewToken, uploadShipping } from './mini-program.js';
import { closePayment, findPayment, refundPayment, startPayment, transactionOf } from './pay.js';

/** A WeChat mini-program and the merchant of WeChat Pay v3 that is paid in it. */
export const wechatConnector: Connector = {
  fields: [
    { name: 'appId', secret: false, form: /^wx[0-9a-f]{16}$/ },
    { name: 'mchid', secret: false, form: /^\d{8,12}$/ },
    { name: 'serialNo', secret: false, form: /^[0-9A-F]{8,64}$/ },
    // The certificate's serial, or the id of the public key: `PUB_KEY_ID_…`.
    { name: 'platformSerial', secret: false, form: /^\w{8,80}$/ },
    { name: 'appSecret', secret: true, form: /^\w{16,64}$/ },
    { name: 'apiV3Key', secret: true, form: /^[\x21-\x7e]{32}$/ },
    { name: 'privateKey', secret: true, form: KEY_FORM },
    { name: 'platformKey', secret: true, form: KEY_FORM },
    { name: 'accessToken', secret: true, standard: '', form: /^[\x21-\x7e]{0,600}$/ },
  ],
  capabilities: ['pushTracking', 'startPayment', 'findPayment', 'closePayment', 'refundPayment', 'downloadBill'],
  bill: { readyHour: 10, utcOffset: 8 },
  stock: null,
  rate: { burst: 50, perSecond: 50 },
  pull: null,
  renew: renewToken,
  open: (context): Client => ({
    check: async () => {
      const { is_trade_managed: managed } = await callMiniProgram(context, '/wxa/sec/order/is_trade_managed', { appid: context.account.settings['appId'] ?? '' });
      if (managed === undefined) throw new PlatformError('ANSWER_INVALID');
      // That there is none of this number is told only to a merchant whose signature is good.
      await transactionOf(context, 'connection-check');
      return { shopName: context.account.settings['mchid'] ?? '', apiVersion: 'v3' };
    },
    pushTracking: (parcel) => uploadShipping(context, parcel),
    startPayment: (payment) => startPayment(context, payment),
    findPayment: (paymentId) => findPayment(context, paymentId),
    closePayment: (paymentId) => closePayment(context, paymentId),
    refundPayment: (refund) => refundPayment(context, refund),
    downloadBill: (day) => downloadBill(context, day),
  }),
};
