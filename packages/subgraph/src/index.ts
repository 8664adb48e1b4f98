import 'reflect-metadata';

export type { Contract } from './contract.js';
export { GraphContext, type Language, type RequestInfo } from './context.js';
export { defineSubgraph, type ResolveReference, type SubgraphDefinition } from './definition.js';
export type { SubgraphDeps } from './deps.js';
export { ProductError, refuse, toUserError, type ErrorEntry, type Refusal, type UserErrorShape } from './errors.js';
export { federatedSchema, type FederatedSchema } from './federated-schema.js';
export { Connection, keysetPage, PageArgs, parsePage, type Page, type PageRequest } from './graphql/connection.type.js';
export { follow, type LiveField, type LiveMark, type LiveRequest, type SubscribeInput } from './graphql/live-field.js';
export { fromMoneyInput, MoneyInput, MoneyType, toMoneyType } from './graphql/money.type.js';
export { CurrencyCode, DateTime, Decimal, SafeInt } from './graphql/scalars.js';
export { UserError } from './graphql/user-error.type.js';
export { once } from './idempotency.js';
export { defineListLoader, defineLoader, type LoaderOf } from './loader.js';
export { databaseDefinition, migrateSubgraph, openSubgraph, type RunningSubgraph, type SubgraphRuntime } from './open-subgraph.js';
export { databaseSetting, databaseVariable, jobsDatabaseSetting, passwordOf, readSubgraphSettings, subgraphTable, type SubgraphSettings } from './serve/settings.js';
export { runSubgraph } from './serve/run-subgraph.js';
export { serveSubgraph, type ServedSubgraph } from './serve/serve-subgraph.js';
