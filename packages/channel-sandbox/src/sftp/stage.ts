import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';
import { LINES, POSTAGE } from '../shop-store.js';
import type { Stage, StagedParcel } from '../stage.js';
import { FileServer, sftpSandbox } from './file-server.js';

const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** The fingerprint of a server's key, as `ssh-keygen -lf` tells it. */
export function fingerprintOf(publicKey: string): string {
  const key = ssh2.utils.parseKey(publicKey);
  if (key instanceof Error) throw key;
  return `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '')}`;
}

/** A file of one order, as a partner's system exports it. */
export function orderCsv(id: string, updatedAt: Date, more: readonly string[] = []): string {
  const head = 'order_id,updated_at,sku,title,quantity,unit_price,shipping,discount,name,phone,address1,city,province,country,buyer_note\r\n';
  const off = LINES.reduce((sum, { price, quantity, paid }) => sum + price * quantity - paid, 0);
  const rows = LINES.map(({ sku, title, quantity, price }) => [id, updatedAt.toISOString(), sku, `"${title}\n""样""" `.trim(), quantity, yuan(price), yuan(POSTAGE), yuan(off), '张三', '13800000001', '"示例路 1 号, 2 幢"', '杭州市', '浙江省', 'CN', '请周末送达'].join(','));
  return `${head}${[...rows, ...more].join('\r\n')}\r\n`;
}

/** A partner's server of files. */
export function sftpStage(host?: string): Stage & { readonly files: FileServer } {
  const files = new FileServer(host);
  const { folders } = files;
  let listings: (() => void) | null = null;
  files.after = (step, path) => { if (step === 'list' && path === '/orders') listings?.(); };
  const tables = (folder: string): string[][] => folders.names(folder).filter((name) => /^[^.].*\.csv$/.test(name)).sort().flatMap((name) => folders.text(`${folder}/${name}`).trim().split('\n').slice(1).map((row) => row.split(',')));
  const stock = new Map<string, number>();
  return {
    files,
    platform: sftpSandbox(files), shopDomain: files.host,
    settings: { user: files.user, hostKeys: fingerprintOf(files.hostKey.public), settleSeconds: '0' },
    secrets: { password: files.password }, wrongSecrets: { password: 'FAKE_password_of_others' },
    throttled: { status: 429 },
    expire: () => { files.password = 'FAKE_password_from_now_on'; },
    skus: LINES.map(({ sku }) => sku),
    order: (n, updatedAt) => { folders.write(`/orders/order-${String(n).padStart(4, '0')}.csv`, orderCsv(`P-${10_000 + n}`, updatedAt), updatedAt); return `P-${10_000 + n}`; },
    betweenPages: (happens) => { listings = happens; },
    waiting: () => folders.names('/orders').filter((name) => folders.files.has(`/orders/${name}`)),
    parcelsOf: (id): readonly StagedParcel[] => tables('/tracking').filter(([order]) => order === id).map(([, number = '', carrier = '']) => ({ number, carrier })),
    stock: (sku, units) => { stock.set(sku, units); },
    unitsOf: (sku) => tables('/stock').reduce<number | undefined>((units, [code, quantity]) => (code === sku ? Number(quantity) : units), stock.get(sku)),
  };
}
