import { carrierCode } from '../waybills/carrier-code.js';

const CARRIERS: Readonly<Record<string, string>> = { SF: 'SF', ZTO: 'ZTO', YTO: 'YTO', STO: 'STO', YUNDA: 'YUNDA', EMS: 'EMS', DEPPON: 'DBKD' };

/** A carrier in TOP's words. */
export const companyOf = (carrier: string): string => carrierCode(CARRIERS, carrier, 'OTHER');
