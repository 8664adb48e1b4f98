import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Operation } from '../plan/operation.js';
import type { Prepared } from '../plan/prepare-document.js';
import type { Supergraph } from '../supergraph.js';
import { inputSchema } from './input-schema.js';

/** A trusted document as an assistant sees it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: ReturnType<typeof inputSchema>;
  readonly changes: boolean;
  /** What runs for the values that it is called with. */
  readonly operation: (variables: Readonly<Record<string, unknown>>) => Operation;
}

/**
 * Makes tools of documents with one named query or mutation each. What the supergraph does not know, or follows
 * changes, is none; of two with one name the first is.
 */
export function toolsOf(supergraph: Supergraph, documents: readonly string[], prepare: (supergraph: Supergraph, source: string) => Prepared): ReadonlyMap<string, Tool> {
  const tools = new Map<string, Tool>();
  for (const source of documents) {
    const document = prepare(supergraph, source);
    if (!('kind' in document)) continue;
    const tool = toolOf(supergraph, source, document);
    if (tool !== undefined && !tools.has(tool.name)) tools.set(tool.name, tool);
  }
  return tools;
}

function toolOf(supergraph: Supergraph, source: string, document: DocumentNode): Tool | undefined {
  const operations = document.definitions.filter((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION);
  const [definition] = operations;
  if (definition?.name === undefined || operations.length !== 1 || definition.operation === 'subscription') return undefined;
  return {
    name: definition.name.value, description: commentOf(source), inputSchema: inputSchema(supergraph.apiSchema, definition), changes: definition.operation === 'mutation',
    operation: (variables) => ({ source, document, definition, variables }),
  };
}

/** The comment at the head of a document says what it is for. */
const commentOf = (source: string): string => (/^\s*((?:#[^\n]*\n\s*)+)/.exec(source)?.[1] ?? '').split('\n').map((line) => line.replace(/^\s*#\s?/, '')).join(' ').trim();
