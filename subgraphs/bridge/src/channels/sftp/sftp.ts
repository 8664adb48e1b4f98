import type { Channel } from '../channel.js';
import { neverSigned } from '../signing/never-signed.js';
import { sftpConnector } from './client.js';
import { toOrder } from './to-order.js';

/** A server of files is known by its name, and its port where that is not 22; two accounts on it by who signs in. */
const SERVER = /^(?=.{4,253}$)([a-z0-9_.-]{1,64}@)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:\d{1,5})?$/;

export const sftp: Channel = {
  topics: {},
  shopDomainOf: (text) => {
    const server = text.trim().toLowerCase().replace(/^sftp:\/\//, '').replace(/\/$/, '');
    return SERVER.test(server) ? server : null;
  },
  toOrder,
  verify: neverSigned,
  connector: sftpConnector,
};
