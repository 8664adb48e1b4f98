import pg from 'pg';
import { roleName, type RoleKind } from './roles.js';

const KINDS: readonly RoleKind[] = ['owner', 'app', 'system'];

/**
 * Makes the roles and the schema of each subgraph in the database that `adminUrl` names. May be repeated: what exists
 * is kept, passwords are set anew. Needs a role that may create roles.
 */
export async function provision(adminUrl: string, subgraphs: readonly string[], passwordOf: (role: string) => string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    // Roles belong to the whole cluster: two provisions at once (tests side by side) would collide without the lock.
    await admin.query("select pg_advisory_lock(hashtext('quanyu.provision'))");
    for (const subgraph of subgraphs) await provisionOne(admin, subgraph, passwordOf);
  } finally {
    await admin.end();
  }
}

async function provisionOne(admin: pg.Client, subgraph: string, passwordOf: (role: string) => string): Promise<void> {
  const schema = admin.escapeIdentifier(subgraph);
  for (const kind of KINDS) {
    const name = roleName(subgraph, kind);
    const role = admin.escapeIdentifier(name);
    await ensureRole(admin, name, passwordOf(name));
    await admin.query(`alter role ${role} set search_path = ${schema}`);
    // One forgotten transaction would hold back the relay of every subgraph in the cluster.
    await admin.query(`alter role ${role} set idle_in_transaction_session_timeout = '10s'`);
    if (kind === 'app') await admin.query(`alter role ${role} set statement_timeout = '15s'`);
  }
  await admin.query(`create schema if not exists ${schema}`);
  await admin.query(`alter schema ${schema} owner to ${admin.escapeIdentifier(roleName(subgraph, 'owner'))}`);
  await admin.query(`grant usage on schema ${schema} to ${admin.escapeIdentifier(roleName(subgraph, 'app'))}, ${admin.escapeIdentifier(roleName(subgraph, 'system'))}`);
}

/** Makes a login role that owns nothing, or sets its password anew; `settings` are those of its sessions. */
export async function provisionRole(adminUrl: string, name: string, password: string, settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query("select pg_advisory_lock(hashtext('quanyu.provision'))");
    await ensureRole(admin, name, password);
    for (const [setting, value] of Object.entries(settings)) await admin.query(`alter role ${admin.escapeIdentifier(name)} set ${admin.escapeIdentifier(setting)} = ${admin.escapeLiteral(value)}`);
  } finally {
    await admin.end();
  }
}

async function ensureRole(admin: pg.Client, name: string, password: string): Promise<void> {
  const role = admin.escapeIdentifier(name);
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [name]);
  if (rowCount === 0) await admin.query(`create role ${role}`);
  await admin.query(`alter role ${role} with login nosuperuser nobypassrls nocreatedb nocreaterole password ${admin.escapeLiteral(password)}`);
}
