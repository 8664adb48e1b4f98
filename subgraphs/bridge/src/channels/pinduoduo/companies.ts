import { PlatformError } from '../../outbound/platform-error.js';

/** Its waybills name carriers by letters; shipping names them by numbers. */
const CODES: Readonly<Record<string, string>> = { SF: 'SF', ZTO: 'ZTO', YTO: 'YTO', STO: 'STO', YUNDA: 'YUNDA', EMS: 'EMS', DEPPON: 'DB' };

/** @throws PlatformError `REQUEST_REFUSED` for a carrier that it has no code of */
export function waybillCompanyOf(carrier: string): string {
  if (!Object.hasOwn(CODES, carrier)) throw new PlatformError('REQUEST_REFUSED', { platformCode: 'CARRIER_UNKNOWN' });
  return CODES[carrier]!;
}
