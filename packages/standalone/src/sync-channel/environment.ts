import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { secretsFile } from '../secrets.js';
import { SetupError } from '../setup-error.js';

/** Which house is asked, as whom, and what for. */
export interface SyncEnvironment { readonly url: string; readonly token: string; readonly channelId: string; /** From the beginning, also where it has been read. */ readonly again: boolean }

const HELP = 'npm run sync -- CHANNEL: the id of a channel (con_…). --again reads it from the beginning; --url http://127.0.0.1:4000 and --data DIR (or QUANYU_TOKEN, a token of somebody who may change channels) say where and as whom.';

/** Reads what `npm run sync` is told. */
export async function readSyncEnvironment(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<SyncEnvironment> {
  const { values: { url, data, again = false }, positionals: [channelId, ...more] } = read(argv);
  if (channelId === undefined || more.length > 0) throw new SetupError(HELP);
  const token = env.QUANYU_TOKEN || await storedToken(data ?? env.QUANYU_DATA ?? '.quanyu');
  return { url: url ?? env.QUANYU_URL ?? `http://127.0.0.1:${env.PORT || 4000}`, token, channelId, again };
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: argv[0] === '--' ? argv.slice(1) : [...argv], options: { url: { type: 'string' }, data: { type: 'string' }, again: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n${HELP}`);
  }
}

/** Of the demo's owner, as the house in this folder made it. */
async function storedToken(dataDir: string): Promise<string> {
  const text = await readFile(secretsFile(dataDir), 'utf8').catch(() => '{}');
  const { staffToken } = JSON.parse(text) as { staffToken?: string };
  if (staffToken === undefined) throw new SetupError(`There is no token in ${dataDir}: start the house there, name its folder with --data DIR, or set QUANYU_TOKEN.`);
  return staffToken;
}
