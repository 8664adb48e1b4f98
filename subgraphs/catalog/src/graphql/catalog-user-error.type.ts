import { UserError } from '@quanyu/subgraph';
import { CATALOG_ERRORS } from '../errors.js';

export const CatalogUserError = UserError('Catalog', CATALOG_ERRORS);
