#!/usr/bin/env node
// `npm run send-webhook -- FILE`: plain JavaScript for Node >= 20; what it does is in src/send-webhook.
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

async function load() {
  try {
    return await import('../dist/index.js');
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('Nothing is built yet. `npm start` installs, builds and starts the demo; leave it running and send from a second terminal.');
    process.exit(1);
  }
}

const { sendWebhook } = await load();
process.exitCode = await sendWebhook(process.argv.slice(2), {
  // npm runs scripts from the package's folder and tells here where the user stood.
  folder: process.env.INIT_CWD ?? process.cwd(),
  repository,
  print: (line) => console.log(line),
});
