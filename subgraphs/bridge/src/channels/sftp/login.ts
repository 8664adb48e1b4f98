import type { FileLogin } from '../../outbound/file-session.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Account } from '../connector.js';

/** Where what lies, by the names of their settings, and where it lies unless somebody says otherwise. */
export const FOLDERS = { orders: 'orders', archive: 'orders/archive', rejected: 'orders/rejected', tracking: 'tracking', stock: 'stock' } as const;
export type Folder = keyof typeof FOLDERS;

const SSH = 22;

/** @throws PlatformError `CREDENTIALS_REFUSED` where there is neither a password nor a key */
export function loginOf({ shopDomain, settings, secrets }: Account): FileLogin {
  const [server = '', port = ''] = (shopDomain ?? '').replace(/^.*@/, '').split(':');
  const password = secrets['password'] || null;
  const privateKey = secrets['privateKey'] ? Buffer.from(secrets['privateKey'], 'base64').toString() : null;
  if (password === null && privateKey === null) throw new PlatformError('CREDENTIALS_REFUSED', { host: server, platformCode: 'NO_CREDENTIALS' });
  return {
    host: server, port: port === '' ? SSH : Number(port), user: settings['user'] ?? '', password, privateKey,
    passphrase: secrets['passphrase'] || null, hostKeys: (settings['hostKeys'] ?? '').split(','),
  };
}

export const folderOf = ({ settings }: Pick<Account, 'settings'>, folder: Folder): string => settings[folder] || FOLDERS[folder];
