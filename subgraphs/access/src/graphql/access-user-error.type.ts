import { UserError } from '@quanyu/subgraph';
import { ACCESS_ERRORS } from '../errors.js';

export const AccessUserError = UserError('Access', ACCESS_ERRORS);
