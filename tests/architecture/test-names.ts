import ts from 'typescript';

const TELLERS = ['describe', 'it', 'test'];
const SILENCED = ['skip', 'todo'];

/**
 * The names given to `describe`, `it` and `test` in a test file. What is skipped, and what lies
 * inside something skipped, proves nothing and is left out. Read from the syntax tree, because a
 * name also stands behind `it.each([...])` tables of any shape.
 */
export function testNames(source: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const teller = tellerOf(node.expression);
      if (teller === 'silenced') return;
      const name = node.arguments[0];
      if (teller === 'speaking' && name && ts.isStringLiteralLike(name)) names.push(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.test.ts', source, ts.ScriptTarget.Latest));
  return names;
}

function tellerOf(callee: ts.Node): 'speaking' | 'silenced' | undefined {
  if (ts.isIdentifier(callee)) {
    if (callee.text.startsWith('x') && TELLERS.includes(callee.text.slice(1))) return 'silenced';
    return TELLERS.includes(callee.text) ? 'speaking' : undefined;
  }
  // it.each([...])('name', …): the callee of the call with the name is itself a call.
  if (ts.isCallExpression(callee)) return tellerOf(callee.expression);
  if (ts.isTaggedTemplateExpression(callee)) return tellerOf(callee.tag);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const teller = tellerOf(callee.expression);
  return teller === 'speaking' && SILENCED.includes(callee.name.text) ? 'silenced' : teller;
}
