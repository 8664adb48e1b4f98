import { access } from '@quanyu/access';
import { bridge } from '@quanyu/bridge';
import { catalog } from '@quanyu/catalog';
import { finance } from '@quanyu/finance';
import { inventory } from '@quanyu/inventory';
import { members } from '@quanyu/members';
import { orders } from '@quanyu/orders';
import type { SubgraphDefinition } from '@quanyu/subgraph';
import { tickets } from '@quanyu/tickets';

/** All subgraphs of the product. */
export const subgraphs: readonly SubgraphDefinition[] = [access, catalog, inventory, orders, members, tickets, finance, bridge];
