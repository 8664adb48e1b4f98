import { UserError } from '@quanyu/subgraph';
import { INVENTORY_ERRORS } from '../errors.js';

export const InventoryUserError = UserError('Inventory', INVENTORY_ERRORS);
