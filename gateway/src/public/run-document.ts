import { answer, runDocument, type CallHandler } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { Viewer, type ViewerClaims } from '@quanyu/viewer';
import { getNamedType, GraphQLError, isNonNullType, Kind, OperationTypeNode, parse, print, type DocumentNode, type FieldNode } from 'graphql';
import { OPERATION_MILLISECONDS } from '../execute/run.js';
import { Waiting } from '../execute/waiting.js';
import type { Gate } from '../limits/gate.js';
import { limitRules } from '../limits/rules.js';
import { chooseOperation, type Operation } from '../plan/operation.js';
import { createDocumentPreparer } from '../plan/prepare-document.js';
import { presentError } from '../present-error.js';
import { authorise } from '../rights/authorise.js';
import { runAuthorised } from '../rights/run-authorised.js';
import type { Supergraph } from '../supergraph.js';
import type { Usage } from '../usage/usage.js';

// A partner's webhook tells what its own subscription document would: the same graph, the same rights, the same cost.

/** What runs stored documents: the partners' graph and limits, and who a key is now. */
export interface DocumentOptions {
  readonly current: () => Supergraph;
  readonly viewerOfKey: (tenantId: string, keyId: string) => Promise<ViewerClaims | null>;
  readonly gate?: Gate | undefined;
  readonly usage?: Usage | undefined;
}

type Input = ReturnType<typeof runDocument.input.parse>;
type Output = ReturnType<typeof runDocument.output.parse>;
type Refused = Extract<Output, { kind: 'refused' }>;

const refused = (code: string, message: string): Refused => ({ kind: 'refused', code, message: message.slice(0, 300) });
/** Errors that come again however often it is tried. */
const LASTING = new Set(['COST_TOO_HIGH', 'FORBIDDEN', 'UNAUTHENTICATED', 'BAD_USER_INPUT', 'INVALID_ID', 'GRAPHQL_VALIDATION_FAILED']);

/** The call that bridge asks for each event of a webhook with a document. */
export function documentCalls({ current, viewerOfKey, gate, usage }: DocumentOptions): readonly CallHandler[] {
  const prepare = createDocumentPreparer(limitRules({ introspection: false }));

  const run = async ({ tenantId, keyId, document: source, about, id }: Input): Promise<Output> => {
    const claims = await viewerOfKey(tenantId, keyId);
    if (claims === null) return refused('KEY_GONE', 'The key whose rights it has does not exist, or has been revoked.');
    const viewer = new Viewer(claims);
    const supergraph = current();
    const asked = prepare(supergraph, source);
    if (!('kind' in asked)) return refused(String(asked[0]!.extensions['code']), asked[0]!.message);
    const read = readOf(supergraph, asked, about);
    if ('kind' in read) return read;
    const text = read.text;
    const document = prepare(supergraph, text);
    if (!('kind' in document)) return refused('GRAPHQL_VALIDATION_FAILED', document[0]!.message);
    const operation = chooseOperation(text, document, null, { id: id ?? '' }) as Operation;
    // Null where a right is missing would be taken for nothing: it is all or none.
    const authorised = authorise(supergraph, operation, viewer);
    if (authorised.kind === 'refused' || authorised.operation !== operation) return refused('FORBIDDEN', 'The key lacks a right to what the document asks for.');
    const charge = await gate?.charge(viewer, supergraph, operation);
    if (id === null) {
      await charge?.settle({});
      return { kind: 'valid' };
    }
    usage?.note(viewer, 'webhook', supergraph, operation);
    const { data, errors } = await runAuthorised(supergraph, operation, { viewer, requestId: newId('req'), language: 'en' }, { waiting: new Waiting(OPERATION_MILLISECONDS) });
    const told = data === undefined ? null : JSON.parse(data) as Record<string, unknown> | null;
    await charge?.settle(told ?? undefined);
    if (errors.length > 0) throw errors[0]!;
    return told === null || Object.values(told).every((value) => value === null) ? { kind: 'absent' } : { kind: 'ran', data: told };
  };

  return [answer(runDocument, (input) => run(input).catch((error: unknown): Output => {
    const { message, extensions } = presentError(error, { requestId: newId('req'), language: 'en', introspection: false });
    const code = typeof extensions?.['code'] === 'string' ? extensions['code'] : 'INTERNAL_SERVER_ERROR';
    return error instanceof GraphQLError && LASTING.has(code) ? refused(code, message) : { kind: 'failed', code };
  }))];
}

/** A subscription as a read of what one of its events is about: the same selection under the same name. */
function readOf({ apiSchema }: Supergraph, document: DocumentNode, about: string): { readonly text: string } | Refused {
  const [operation, ...others] = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION || others.length > 0) return refused('NOT_A_SUBSCRIPTION', 'The document is one subscription and nothing else.');
  if ((operation.variableDefinitions ?? []).length > 0) return refused('VARIABLES_NOT_ALLOWED', 'Nobody gives a value to the variables of a stored document.');
  const [root, ...more] = operation.selectionSet.selections;
  if (root?.kind !== Kind.FIELD || more.length > 0 || (root.directives ?? []).length > 0 || (operation.directives ?? []).length > 0) return refused('NOT_A_SUBSCRIPTION', 'The document has one field at its root, without directives.');
  if ((root.arguments ?? []).length > 0) return refused('ARGUMENTS_NOT_ALLOWED', 'Which events come is said by the topics, not by arguments of the root field.');
  const type = apiSchema.getSubscriptionType()?.getFields()[root.name.value];
  const typeName = type === undefined ? '' : getNamedType(type.type).name;
  if (typeName !== about) return refused('WRONG_TYPE', `The topics are about ${about}, and the root field gives ${typeName}.`);
  const reader = Object.values(apiSchema.getQueryType()?.getFields() ?? {}).find(({ type: given, args }) =>
    !isNonNullType(given) && 'name' in given && given.name === about && args.length === 1 && args[0]!.name === 'id' && String(args[0]!.type) === 'ID!');
  if (reader === undefined) return refused('WRONG_TYPE', `No ${about} can be read by its id.`);
  const field: FieldNode = {
    ...root, alias: root.alias ?? root.name, name: { kind: Kind.NAME, value: reader.name },
    arguments: [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'id' }, value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: 'id' } } }],
  };
  const [head] = parse('query ($id: ID!) { __typename }').definitions;
  if (head?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the head of a read is an operation');
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return { text: print({ kind: Kind.DOCUMENT, definitions: [{ ...head, selectionSet: { kind: Kind.SELECTION_SET, selections: [field] } }, ...fragments] }) };
}
