import { adoptMemberIssuer, createTenant, HttpCalls, InProcessCalls, ServiceClient, ServiceTokens, type Calls } from '@quanyu/calls';
import { subgraphUrls } from '@quanyu/database';
import { Vault } from '@quanyu/pii';
import { openSubgraph } from '@quanyu/subgraph';
import type { TenantEnvironment } from './environment.js';
import { layGround, Stops } from '../ground.js';
import type { Progress } from '../progress.js';
import { rolePassword } from '../secrets.js';
import { SetupError } from '../setup-error.js';
import { subgraphs } from '../subgraphs.js';

/** Who is asked. */
const ROOMS = ['access', 'members'];

/**
 * Makes a merchant and its owner: by asking access where the house runs apart, else on the data of `npm start`. Repeated
 * with the same name and owner it answers the same merchant.
 */
export async function makeTenant(environment: TenantEnvironment, progress: Progress): Promise<{ readonly tenantId: string; readonly staffId: string }> {
  const stops = new Stops();
  try {
    const calls = environment.apart === null ? await onOwnData(environment, progress, stops) : asOperator(environment.apart, stops);
    const made = await calls.invoke(createTenant, environment.tenant);
    if (environment.memberIssuer !== null) {
      const { tenantId } = await calls.invoke(adoptMemberIssuer, { tenantId: made.tenantId, issuer: environment.memberIssuer });
      if (tenantId !== made.tenantId) throw new SetupError('The members of this issuer belong to another tenant already.');
    }
    return made;
  } finally {
    await stops.run();
  }
}

function asOperator({ keys, services }: NonNullable<TenantEnvironment['apart']>, stops: Stops): Calls {
  const client = new ServiceClient(new ServiceTokens(keys), services);
  stops.add(() => client.close());
  return new HttpCalls(client);
}

async function onOwnData({ house }: TenantEnvironment, progress: Progress, stops: Stops): Promise<Calls> {
  const { secrets, adminUrl } = await layGround(house, progress, stops);
  const calls = new InProcessCalls();
  for (const definition of subgraphs.filter(({ name }) => ROOMS.includes(name))) {
    const room = await openSubgraph(definition, {
      urls: subgraphUrls(adminUrl, definition.name, () => rolePassword(secrets)(definition.name)), vault: Vault.from(secrets), calls, jobs: { enqueue: () => Promise.reject(new Error('Nothing of this step is for later')) },
    });
    stops.add(() => room.stop());
    calls.add(room.calls);
  }
  return calls;
}
