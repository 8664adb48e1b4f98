export { Database, afterCommit, beforeCommit, databaseOf } from './database.js';
export { armKillPoints, killPoint, type KillPlan } from './kill-point.js';
export { sqlMigrations, tenancyMigrations, type SqlMigration } from './migrations.js';
export { migrate, openDatabase, ormOptions, type DatabaseDefinition, type OpenOptions } from './open.js';
export { provision, provisionRole } from './provision.js';
export { roleName, subgraphUrls, type RoleKind, type SubgraphDatabaseUrls } from './roles.js';
export { startPostgres, type EmbeddedPostgres } from './embedded-postgres/start.js';
export { startTemporaryPostgres } from './embedded-postgres/temporary.js';
export { defaultDataDir } from './embedded-postgres/data-folder.js';
