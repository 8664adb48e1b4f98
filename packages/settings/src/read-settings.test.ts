import { describe, expect, it } from '@jest/globals';
import { describeSettings } from './describe-settings.js';
import { readSettings, SettingsError, type SettingsTable } from './read-settings.js';
import { address, Fault, integer, oneOf, parsed, port, text } from './setting.js';

const TABLE = {
  PORT: port({ what: 'Where to listen.', fallback: 4000 }),
  LEVEL: oneOf(['low', 'high'], { what: 'How much.', fallback: 'low' }),
  DATABASE_URL: address(['postgres', 'postgresql'], { what: 'The database. With a password.', secret: true }),
  CACHE_URL: address(['redis'], { what: 'A cache.', fallback: null }),
  NAME: text({ what: 'A name.' }),
  COUNT: integer({ from: 1, to: 9 }, { what: 'How many.', fallback: 3 }),
  PAIR: parsed({ what: 'Two words.', form: 'a:b', fallback: null }, (given) => (given.includes(':') ? given.split(':') : new Fault('must have a colon'))),
};
const GOOD = { DATABASE_URL: 'postgres://me:pw@db/x', NAME: 'orders' };

const faultsOf = (environment: Record<string, string>, table: SettingsTable = TABLE): readonly string[] => {
  try {
    readSettings(table, environment);
    return [];
  } catch (error) {
    return (error as SettingsError).faults;
  }
};

describe('settings', () => {
  it('have their types and fallbacks, and an empty text counts as not set', () => {
    const values = readSettings(TABLE, { ...GOOD, PORT: ' 80 ', LEVEL: '', PAIR: 'a:b' });
    const typed: { PORT: number; LEVEL: 'low' | 'high'; CACHE_URL: string | null } = values;
    expect(typed).toMatchObject({ PORT: 80, LEVEL: 'low', CACHE_URL: null, NAME: 'orders', COUNT: 3, PAIR: ['a', 'b'] });
  });

  it('are all checked before anything is said, one sentence a fault', () => {
    expect(faultsOf({ PORT: '80000', LEVEL: 'loud', DATABASE_URL: 'mysql://me:secret@db/x', COUNT: '0', PAIR: 'ab', CACHE_URL: 'nowhere' })).toEqual([
      'PORT must be a whole number from 0 to 65535; it is "80000".',
      'LEVEL must be one of low, high; it is "loud".',
      'DATABASE_URL must be an address that begins with postgres:// or postgresql://.',
      'CACHE_URL must be an address that begins with redis://; it is "nowhere".',
      'NAME is not set: A name (text).',
      'COUNT must be a whole number from 1 to 9; it is "0".',
      'PAIR must have a colon; it is "ab".',
    ]);
  });

  it('can have rules together, which are asked when each for itself is right', () => {
    const rule = (): string[] => ['PORT and COUNT belong together.'];
    expect(() => readSettings(TABLE, GOOD, rule)).toThrow('PORT and COUNT belong together.');
    expect(() => readSettings(TABLE, {}, rule)).toThrow(/NAME is not set/);
  });

  it('describe themselves', () => {
    expect(describeSettings({ PORT: TABLE.PORT, DATABASE_URL: TABLE.DATABASE_URL })).toBe([
      '| variable | what | form | when not set |', '|---|---|---|---|',
      '| `PORT` | Where to listen. | port | 4000 |', '| `DATABASE_URL` | The database. With a password. Secret. | postgres://… | **must be set** |',
    ].join('\n'));
  });
});
