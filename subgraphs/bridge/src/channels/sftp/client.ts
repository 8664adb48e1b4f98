import type { Client, ClientContext, Connector } from '../connector.js';
import { PlatformError } from '../../outbound/platform-error.js';
import { COLUMNS_FIELD } from './columns.js';
import { tellStock, tellTracking } from './files-out.js';
import { FOLDERS, folderOf, loginOf } from './login.js';
import { pullWaiting } from './pull.js';

const FOLDER_FORM = /^(?!.*(?:^|\/)\.\.(?:\/|$))[\p{L}\p{N}_./ -]{0,200}$/u;

/** A partner's server of files (SFTP): orders in, numbers of parcels and stock out. */
export const sftpConnector: Connector = {
  fields: [
    { name: 'user', secret: false, form: /^[^\s:\p{Cc}]{1,64}$/u },
    // Of the server, told once by somebody who knows it; two while it changes its own.
    { name: 'hostKeys', secret: false, form: /^SHA256:[A-Za-z0-9+/]{43}(,SHA256:[A-Za-z0-9+/]{43})?$/ },
    ...Object.entries(FOLDERS).map(([name, standard]) => ({ name, secret: false, standard, form: FOLDER_FORM })),
    COLUMNS_FIELD,
    { name: 'delimiter', secret: false, standard: ',', form: /^([,;|]|TAB)$/ },
    { name: 'currency', secret: false, standard: 'CNY', form: /^[A-Z]{3}$/ },
    { name: 'utcOffset', secret: false, standard: '+08:00', form: /^[+-](0\d|1[0-4]):[0-5]\d$/ },
    { name: 'encoding', secret: false, standard: 'UTF-8', form: /^(UTF-8|UTF-8-BOM|GB18030)$/ },
    // Where a partner says so by a file beside it, `orders.csv.done`; where it does not, a file is whole when it has stood still so long.
    { name: 'doneSuffix', secret: false, standard: '', form: /^(\.[A-Za-z0-9_]{1,20})?$/ },
    { name: 'settleSeconds', secret: false, standard: '5', form: /^([0-9]|[1-5]\d|60)$/ },
    { name: 'password', secret: true, standard: '', form: /^[^\p{Cc}]{0,255}$/u },
    // In one line of base64: `base64 -w0 id_ed25519`.
    { name: 'privateKey', secret: true, standard: '', form: /^([A-Za-z0-9+/]{100,12000}={0,2})?$/ },
    { name: 'passphrase', secret: true, standard: '', form: /^[^\p{Cc}]{0,255}$/u },
  ],
  capabilities: ['pullOrders', 'pushTracking', 'setStock'],
  stock: 'ABSOLUTE',
  // Sessions, not requests: servers of files count who signs in.
  rate: { burst: 10, perSecond: 2 },
  pull: { everySeconds: 300, overlapSeconds: 1, longestWindowSeconds: 31 * 86_400, lagSeconds: 0, firstDays: 0, reads: 'WAITING' },
  answersLater: true,
  open: (context): Client => ({
    check: () => check(context),
    pullOrders: (_window, page) => pullWaiting(context, page),
    pushTracking: (parcel) => tellTracking(context, parcel),
    setStock: (levels) => tellStock(context, levels),
  }),
};

async function check(context: ClientContext): ReturnType<Client['check']> {
  const { account, line } = context;
  const login = loginOf(account);
  await line.files(login, true, async (files) => {
    for (const name of ['orders', 'tracking', 'stock'] as const) {
      await files.list(folderOf(account, name)).catch((error: unknown) => {
        throw error instanceof PlatformError && error.code === 'NOT_FOUND' ? new PlatformError('REQUEST_REFUSED', { host: login.host, platformCode: `NO_FOLDER_${name.toUpperCase()}` }) : error;
      });
    }
  });
  return { shopName: `${login.user}@${login.host}`, apiVersion: null };
}
