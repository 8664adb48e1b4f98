export type EmbeddedPostgresErrorCode =
  | 'POSTGRES_ACCOUNT_MISSING'
  | 'POSTGRES_BINARIES_MISSING'
  | 'POSTGRES_BINARIES_UNSAFE'
  | 'POSTGRES_DATA_UNREACHABLE'
  | 'POSTGRES_DATA_IN_USE'
  | 'POSTGRES_DATA_BROKEN'
  | 'POSTGRES_PORT_TAKEN'
  | 'POSTGRES_START_FAILED'
  | 'POSTGRES_STOP_FAILED';

/** Says in one sentence why the embedded PostgreSQL does not run and what mends it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The code of an error of Node's file and process calls (`ENOENT`), or undefined. */
export const systemCode = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
