import { ormOptions } from '@quanyu/database';
import { databaseDefinition } from '@quanyu/subgraph';
import { inventory } from './src/subgraph.js';

// For MikroORM's own command line; the service takes its options from src/subgraph.ts.
export default ormOptions(databaseDefinition(inventory), 'postgres://inventory_owner@127.0.0.1/quanyu', 1);
