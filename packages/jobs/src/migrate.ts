import { runMigrations } from 'bullmq';
import { Client } from 'pg';

/**
 * Makes or updates BullMQ's tables in `schema`, and lets `role` use them: rows, sequences and functions of that schema,
 * nothing else, no DDL. May be repeated, and two at once wait for each other.
 *
 * `adminUrl` names a role that may create schemas in this database (asked for even when the schema exists); it becomes the
 * owner.
 */
export async function migrateJobs(adminUrl: string, role?: string, schema = 'bullmq'): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    // BullMQ locks its own migrations only; two grants at once on one table fail as "tuple concurrently updated".
    await client.query("select pg_advisory_lock(hashtext('quanyu.migrate-jobs'))");
    await runMigrations(client, schema);
    if (role !== undefined) await grant(client, client.escapeIdentifier(schema), client.escapeIdentifier(role));
  } finally {
    await client.end();
  }
}

async function grant(client: Client, schema: string, role: string): Promise<void> {
  await client.query(`
    grant usage on schema ${schema} to ${role};
    grant select, insert, update, delete on all tables in schema ${schema} to ${role};
    grant usage, select on all sequences in schema ${schema} to ${role};
    grant execute on all functions in schema ${schema} to ${role};
    revoke insert, update, delete on ${schema}.migration from ${role};
  `);
}
