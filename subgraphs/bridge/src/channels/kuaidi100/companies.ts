import { carrierCode } from '../waybills/carrier-code.js';

const CARRIERS: Readonly<Record<string, string>> = { SF: 'shunfeng', ZTO: 'zhongtong', YTO: 'yuantong', STO: 'shentong', YUNDA: 'yunda', EMS: 'ems', DEPPON: 'debangwuliu' };

/** A carrier in the platform's words. */
export const companyOf = (carrier: string): string => carrierCode(CARRIERS, carrier, carrier.toLowerCase());
