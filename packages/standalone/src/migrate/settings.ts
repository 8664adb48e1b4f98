import { databaseSetting, databaseVariable, jobsDatabaseSetting, passwordOf } from '@quanyu/subgraph';
import { address, readSettings, type SettingsTable } from '@quanyu/settings';
import { subgraphs } from '../subgraphs.js';
import type { HouseDatabases } from './migrate-all.js';

const adminVariable = (subgraph: string): string => `${subgraph.toUpperCase()}_DATABASE_ADMIN_URL`;
const POSTGRES = ['postgres', 'postgresql'];

/** All variables of the step that makes roles and runs migrations. */
export const migrateTable = {
  DATABASE_ADMIN_URL: address(POSTGRES, { what: 'A role that may create roles and schemas in the database of the house.', form: 'postgres://postgres:PASSWORD@HOST:5432/DATABASE', secret: true }),
  ...Object.fromEntries(subgraphs.map(({ name }) => [databaseVariable(name), databaseSetting(name)])),
  ...Object.fromEntries(subgraphs.map(({ name }) => [adminVariable(name), address(POSTGRES, { what: `The same for ${name} alone, where it has a database of its own.`, fallback: null, shown: '`DATABASE_ADMIN_URL`', secret: true })])),
  JOBS_DATABASE_URL: jobsDatabaseSetting,
} satisfies SettingsTable;

/**
 * Reads and checks the settings of the migration step.
 * @throws SettingsError with one sentence a fault
 */
export function readMigrateSettings(environment: Readonly<Record<string, string | undefined>>): HouseDatabases {
  const values = readSettings(migrateTable, environment) as Readonly<Record<string, string | null>> & { readonly DATABASE_ADMIN_URL: string };
  const jobs = values['JOBS_DATABASE_URL'];
  return {
    adminUrlOf: (subgraph) => values[adminVariable(subgraph)] ?? values.DATABASE_ADMIN_URL,
    passwordOf: (subgraph) => passwordOf(values[databaseVariable(subgraph)]!),
    jobs: jobs === null || jobs === undefined ? null : { adminUrl: values.DATABASE_ADMIN_URL, role: new URL(jobs).username, password: passwordOf(jobs) },
  };
}
