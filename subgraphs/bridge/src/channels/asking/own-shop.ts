import { PlatformError } from '../../outbound/platform-error.js';
import type { Account } from '../connector.js';

/** A key that opens another shop than the one it was filled in for would mix the two. @param told whose it is, as the platform says; missing where it does not @throws PlatformError `CREDENTIALS_REFUSED` */
export function mustOpen({ shopDomain }: Account, told: string | undefined): void {
  if (told !== undefined && shopDomain !== null && told !== shopDomain) throw new PlatformError('CREDENTIALS_REFUSED', { platformCode: 'ANOTHER_SHOP' });
}
