import { parseArgs } from 'node:util';
import { Refusal } from './refusal.js';

/** What was asked for on the command line. */
export interface Asked {
  readonly file: string;
  readonly topic: string | undefined;
  readonly times: number;
  readonly atOnce: boolean;
  readonly newIds: boolean;
  readonly badSignature: boolean;
  readonly url: string | undefined;
  readonly secret: string | undefined;
  readonly shop: string | undefined;
  readonly dataFolder: string | undefined;
}

export const USAGE = `npm run send-webhook -- FILE [options]

Signs a body as the demo's Shopify channel would and posts it. FILE is a path, or a name from
packages/channel-sandbox/fixtures/shopify, such as orders-create-paid-cny.

  --topic TOPIC      orders/create, orders/paid, orders/updated, orders/cancelled, ... (default: by the body, then the file's name)
  --times N          sends the same delivery N times, one after the other
  --at-once          sends them all together
  --new-ids          makes each its own delivery of the same body
  --bad-signature    signs with a wrong secret
  --data DIR         data folder of the running demo (default .quanyu)
  --url, --secret, --shop   another receiver than the running demo`;

/** Reads the command line; throws a Refusal with a sentence about what is wrong. */
export function readArguments(argv: readonly string[]): Asked {
  const { values, positionals } = parsed(argv);
  if (values.help) throw new Refusal(USAGE, 0);
  const [file, ...others] = positionals;
  if (file === undefined) throw new Refusal(`Which file?\n\n${USAGE}`);
  if (others.length > 0) throw new Refusal(`One file at a time: ${file}, not also ${others.join(', ')}.`);
  const times = Number(values.times ?? '1');
  if (!Number.isInteger(times) || times < 1 || times > 10_000) throw new Refusal('--times is a whole number from 1 to 10000.');
  if (values.topic !== undefined && !/^[a-z_]+\/[a-z_]+$/.test(values.topic)) throw new Refusal(`A topic looks like orders/create, not ${values.topic}.`);
  return {
    file,
    times,
    topic: values.topic,
    url: values.url,
    secret: values.secret,
    shop: values.shop,
    dataFolder: values.data,
    atOnce: values['at-once'] ?? false,
    newIds: values['new-ids'] ?? false,
    badSignature: values['bad-signature'] ?? false,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        topic: { type: 'string' }, times: { type: 'string' }, data: { type: 'string' },
        url: { type: 'string' }, secret: { type: 'string' }, shop: { type: 'string' },
        'at-once': { type: 'boolean' }, 'new-ids': { type: 'boolean' }, 'bad-signature': { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
