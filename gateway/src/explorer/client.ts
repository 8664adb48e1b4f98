/**
 * The script of the explorer's page, as text: it runs in browsers, whose globals this package does not know.
 *
 * Credentials live in sessionStorage alone, gone with the tab. `/explorer#token=…` sets them without
 * sending them anywhere, since a fragment stays in the browser.
 */
export const EXPLORER_CLIENT = String.raw`'use strict';
(() => {
  const options = JSON.parse(document.getElementById('explorer-options').textContent);
  const REMEMBERED = 'quanyu:credentials';

  const fragment = new URLSearchParams(location.hash.slice(1));
  if (fragment.has('token')) {
    sessionStorage.setItem(REMEMBERED, JSON.stringify({ authorization: 'Bearer ' + fragment.get('token') }));
    history.replaceState(null, '', location.pathname);
  }

  const remembered = () => JSON.parse(sessionStorage.getItem(REMEMBERED) || '{}');

  // A tab without credentials of its own uses those that were sent last.
  const headersOf = (typed) => {
    const headers = {};
    for (const [name, value] of Object.entries(typed || {})) if (value) headers[name.toLowerCase()] = String(value);
    const { authorization, 'x-api-key': apiKey } = headers;
    if (authorization) sessionStorage.setItem(REMEMBERED, JSON.stringify({ authorization }));
    else if (apiKey) sessionStorage.setItem(REMEMBERED, JSON.stringify({ 'x-api-key': apiKey }));
    else Object.assign(headers, remembered());
    return headers;
  };

  const send = async (params, headers) => {
    const answer = await fetch(options.url, {
      method: 'POST',
      headers: { accept: 'application/json', ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    // Else a token of yesterday would be sent by every tab for ever.
    if (answer.status === 401) sessionStorage.removeItem(REMEMBERED);
    return answer.json();
  };

  const listen = (params, headers) => {
    const client = graphqlWs.createClient({
      url: options.url.replace(/^\//, location.origin.replace(/^http/, 'ws') + '/'),
      connectionParams: { authorization: headers.authorization, apiKey: headers['x-api-key'] },
      retryAttempts: 0,
    });
    const events = client.iterate(params);
    const explain = (closed) => { throw { errors: [{ message: 'The connection was closed: ' + (closed && closed.reason || 'no reason given') }] }; };
    return {
      [Symbol.asyncIterator]() { return this; },
      next: () => events.next().catch(explain),
      return: async () => { await events.return(); await client.dispose(); return { done: true, value: undefined }; },
    };
  };

  const kindOf = (document, name) => {
    const operations = document ? document.definitions.filter((definition) => definition.kind === 'OperationDefinition') : [];
    const meant = name ? operations.find((operation) => operation.name && operation.name.value === name) : operations[0];
    return meant && meant.operation;
  };

  const fetcher = (params, extra) => {
    const headers = headersOf(extra && extra.headers);
    const live = kindOf(extra && extra.documentAST, params.operationName) === 'subscription';
    return live ? listen(params, headers) : send(params, headers);
  };

  ReactDOM.createRoot(document.getElementById('explorer')).render(React.createElement(GraphiQL, {
    fetcher,
    storage: sessionStorage,
    shouldPersistHeaders: true,
    isHeadersEditorEnabled: true,
    defaultEditorToolsVisibility: 'headers',
    defaultHeaders: '{\n  "authorization": "",\n  "x-api-key": ""\n}',
    defaultTabs: options.examples.length > 0 ? options.examples : undefined,
  }));
})();
`;
