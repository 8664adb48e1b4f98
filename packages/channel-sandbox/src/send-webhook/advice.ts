/** Says in a sentence what an answer means and where to look next. */
export function adviceFor(status: number, { badSignature, order }: { badSignature: boolean; order: string | null }): string {
  if (badSignature) return status === 401 ? 'Refused, as it should be: nothing was stored but a count.' : 'A wrong signature was NOT refused.';
  if (status >= 200 && status < 300) {
    const what = order === null ? 'what became of the delivery' : `order ${order}, its stock, points and entries`;
    return `Taken. Look for ${what} in the explorer that \`npm start\` named; the README has the queries.`;
  }
  return SENTENCES[status] ?? (status >= 500 ? 'The demo failed on it; its log says at which step.' : 'Refused; the answer above says why.');
}

const SENTENCES: Readonly<Record<number, string>> = {
  401: 'The signature was refused. Is the secret that of this connection? A new data folder has a new one.',
  404: 'No channel connection has this address. Is the URL that of a demo started from this data folder?',
  413: 'The body is larger than the demo takes (4 MiB).',
  429: 'Too many at a time; send fewer.',
};
