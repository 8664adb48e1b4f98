import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Conditions, Wanted } from '@quanyu/database';
import type { Viewer } from '@quanyu/viewer';
import type { SubgraphDeps } from './deps.js';
import type { LiveRequest } from './graphql/live-mark.js';
import type { Language } from './language.js';
import { asRefusedValue } from './refused-value.js';

/** What came with a request. */
export interface RequestInfo {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly language: Language;
  /** Set where the gateway opens a live field. */
  readonly live?: LiveRequest | undefined;
}

/** What a resolver works with: the request and the subgraph's own means. One for each fetch of the gateway. */
export class GraphContext implements RequestInfo {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly language: Language;
  readonly live: LiveRequest | undefined;
  // An object of its own, and no private field: Apollo Server runs resolvers on a copy of the context.
  private readonly holding = { until: Infinity };

  constructor(request: RequestInfo, readonly deps: SubgraphDeps) {
    this.viewer = request.viewer;
    this.requestId = request.requestId;
    this.language = request.language;
    this.live = request.live;
  }

  /** Says that the answer becomes another one then by time alone, as a price does that ends: nobody is to keep it longer. */
  endsAt(time: Date): void {
    this.holding.until = Math.min(this.holding.until, time.getTime());
  }

  /** How many milliseconds from now the answer holds, unless something is changed; Infinity where time alone changes nothing. */
  get holdsMs(): number {
    return this.holding.until - Date.now();
  }

  /** Rows of one table in the viewer's tenant as plain objects; see `Database.rows`. */
  rows<Row extends object>(entity: EntityName<Row>, where: Conditions<Row>, wanted?: Wanted<Row>): Promise<Row[]> {
    return this.deps.database.rows(this.viewer.tenantId, entity, where, wanted).catch(asRefusedValue);
  }

  /** One read-only transaction in the viewer's tenant. */
  read<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.deps.database.read(this.viewer.tenantId, work).catch(asRefusedValue);
  }

  /** One read-write transaction in the viewer's tenant; `label` names the command. */
  write<T>(label: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.deps.database.write(this.viewer.tenantId, label, work).catch(asRefusedValue);
  }
}
