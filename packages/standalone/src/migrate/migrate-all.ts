import { randomBytes } from 'node:crypto';
import { provision, provisionRole, subgraphUrls } from '@quanyu/database';
import { migrateJobs } from '@quanyu/jobs';
import { migrateSubgraph, type SubgraphDefinition } from '@quanyu/subgraph';
import pg from 'pg';

/** The databases of a house, and who may make roles in them. */
export interface HouseDatabases {
  /** Address of a role that may create roles and schemas in the subgraph's database. */
  readonly adminUrlOf: (subgraph: string) => string;
  /** Password of the roles that serve a subgraph. */
  readonly passwordOf: (subgraph: string) => string;
  /** Store and role of the jobs; null where Redis keeps them. */
  readonly jobs: { readonly adminUrl: string; readonly role: string; readonly password: string } | null;
}

/**
 * Makes roles and schemas and runs what is missing of all migrations. May be repeated, and two at once wait for each
 * other. The owner roles get a new password of chance each time: nobody but this step ever logs in as one of them.
 */
export async function migrateAll(subgraphs: readonly SubgraphDefinition[], databases: HouseDatabases, say: (line: string) => void): Promise<void> {
  for (const definition of subgraphs) {
    const { name } = definition;
    const adminUrl = databases.adminUrlOf(name);
    const ownerPassword = randomBytes(24).toString('base64url');
    const passwordOf = (role: string): string => (role.endsWith('_owner') ? ownerPassword : databases.passwordOf(name));
    const count = await alone(adminUrl, async () => {
      await provision(adminUrl, [name], passwordOf);
      return migrateSubgraph(definition, subgraphUrls(adminUrl, name, passwordOf).owner);
    });
    if (count > 0) say(`database: ${name} migrated`);
  }
  if (databases.jobs !== null) {
    // What a crash of the server takes back of the queue is found due again or done once more; commits that somebody waits for have the disk to themselves.
    await provisionRole(databases.jobs.adminUrl, databases.jobs.role, databases.jobs.password, { synchronous_commit: 'off' });
    await migrateJobs(databases.jobs.adminUrl, databases.jobs.role);
  }
}

/** Several machines may start at once, and each has the step in its start. */
async function alone<T>(adminUrl: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('quanyu.migrate-all'))");
    return await work();
  } finally {
    await client.end();
  }
}
