import type { EntitySchema } from '@mikro-orm/core';
import type { CallHandler } from '@quanyu/calls';
import type { SqlMigration } from '@quanyu/database';
import type { JobDefinition, JobSchedule } from '@quanyu/jobs';
import type { Subscription } from '@quanyu/outbox';
import type { Express } from 'express';
import type { Contract } from './contract.js';
import type { GraphContext } from './context.js';
import type { SubgraphDeps } from './deps.js';

/** Turns a reference `{ __typename, id }` of another subgraph into the entity, or null when there is none. */
export type ResolveReference = (reference: Record<string, unknown>, context: GraphContext) => unknown;

/** A subgraph: its tables and its four doors. */
export interface SubgraphDefinition {
  readonly name: string;
  readonly entities: readonly EntitySchema[];
  /** Its own migrations; those of tenancy, event log and idempotency come before them by themselves. */
  readonly migrations: readonly SqlMigration[];
  /** Connections of the app role, where the usual three are too few for those who ask at once. */
  readonly connections?: number;
  /** Door 1: classes of type-graphql. */
  readonly resolvers: readonly [Function, ...Function[]];
  readonly references: Readonly<Record<string, ResolveReference>>;
  /** Which scopes its fields ask for, and what partners see. */
  readonly contract?: Contract;
  /** Door 2: routes on raw requests, mounted before any body parser. */
  readonly http?: (app: Express, deps: SubgraphDeps) => void;
  /** Door 2: calls that it answers. */
  readonly calls?: (deps: SubgraphDeps) => readonly CallHandler[];
  /** Door 3. */
  readonly consumers: readonly Subscription<SubgraphDeps>[];
  /** Door 4. */
  readonly jobs?: (deps: SubgraphDeps) => { readonly definitions: readonly JobDefinition<unknown>[]; readonly schedules: readonly JobSchedule[] };
}

/**
 * States a subgraph. A function and not only a type: importing it first loads the metadata polyfill that the classes of
 * the graphql door need.
 */
export const defineSubgraph = (definition: SubgraphDefinition): SubgraphDefinition => definition;
