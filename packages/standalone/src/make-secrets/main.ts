import { parseArgs } from 'node:util';
import { makeSecrets } from './make-secrets.js';

const { values: { database } } = parseArgs({ options: { database: { type: 'string', default: 'postgres:5432/quanyu' } } });
process.stdout.write(`${Object.entries(makeSecrets(database)).map(([name, value]) => `${name}=${value}`).join('\n')}\n`);
