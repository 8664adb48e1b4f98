import { UserError } from '@quanyu/subgraph';
import { BRIDGE_ERRORS } from '../errors.js';

/** Shared by all mutations of this room: a type is registered once. */
export const BridgeUserError = UserError('Bridge', BRIDGE_ERRORS);
