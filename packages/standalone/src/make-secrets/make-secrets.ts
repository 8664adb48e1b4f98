import { randomBytes } from 'node:crypto';
import { makeServiceKey, serviceKeyVariable } from '@quanyu/calls';
import { databaseVariable } from '@quanyu/subgraph';
import { subgraphs } from '../subgraphs.js';

/** Who asks services in the name of the people who run the house, as for the first tenant. */
export const OPERATOR = 'operator';

const password = (): string => randomBytes(24).toString('base64url');

/**
 * Makes every secret that the house needs when it runs apart, as lines of an .env file: a password and a service key
 * for each subgraph, the keys that seal personal data. What is sealed can only be opened with these: keep them.
 * @param database `host:port/name` of the PostgreSQL, as the processes reach it.
 */
export function makeSecrets(database: string): Record<string, string> {
  const services = [...subgraphs.map(({ name }) => name), 'gateway', OPERATOR];
  const keys = new Map(services.map((service) => [service, makeServiceKey()]));
  return {
    ...Object.fromEntries(subgraphs.map(({ name }) => [databaseVariable(name), `postgres://${name}:${password()}@${database}`])),
    JOBS_DATABASE_URL: `postgres://jobs_app:${password()}@${database}`,
    ...Object.fromEntries(services.map((service) => [serviceKeyVariable(service), keys.get(service)!.privateKey])),
    SERVICE_PUBLIC_KEYS: services.map((service) => `${service}:${keys.get(service)!.publicKey}`).join(','),
    PII_SEAL_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    PII_INDEX_KEY: randomBytes(32).toString('base64'),
  };
}
