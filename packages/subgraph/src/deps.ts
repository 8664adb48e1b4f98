import type { Calls } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import type { Jobs } from '@quanyu/jobs';
import type { Live } from '@quanyu/outbox';
import type { Vault } from '@quanyu/pii';
import type { DoorLoad } from './door-load.js';

/** What every door of a subgraph works with. */
export interface SubgraphDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly calls: Calls;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly live: Live;
  /** Whether those who do not wait crowd in: work stands back for them. */
  readonly doorLoad: DoorLoad;
}
