export { Vault } from './vault.js';
export type { IndexKind, SealContext } from './vault.js';
export type { Keyring, VaultConfig } from './keyring.js';
export { KeyringError, SealError } from './errors.js';
export type { SealErrorCode } from './errors.js';
export { maskAddressLine, maskEmail, maskName, maskPhone, maskText } from './mask.js';
export { normaliseEmail, normalisePhone } from './normalise.js';
export { addressFault, LONGEST_ADDRESS_FIELD, type PostalAddress } from './postal-address.js';
