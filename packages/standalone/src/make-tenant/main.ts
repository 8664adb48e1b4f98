import { SettingsError } from '@quanyu/settings';
import { configureLog } from '@quanyu/telemetry';
import { readTenantEnvironment } from './environment.js';
import { Progress } from '../progress.js';
import { SetupError } from '../setup-error.js';
import { makeTenant } from './make-tenant.js';

try {
  configureLog({ level: 'warn' });
  const made = await makeTenant(readTenantEnvironment(process.argv.slice(2)), new Progress());
  process.stdout.write(`Tenant ${made.tenantId}\nOwner  ${made.staffId}\n`);
} catch (error) {
  const forPeople = error instanceof SettingsError || error instanceof SetupError || (error as Error).name === 'EmbeddedPostgresError' || (error as Error).name === 'ServiceUnavailableError';
  process.stderr.write(`${forPeople ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
