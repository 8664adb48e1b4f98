/** Settings of the server by name, as in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string | number>>;

/** For a small box that is always on. What keeps data safe (fsync, synchronous_commit, full_page_writes) stays as PostgreSQL has it. */
const SETTINGS: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: 120,
  // An open transaction holds back the relay's horizon and vacuum; ten idle seconds are a bug.
  idle_in_transaction_session_timeout: '10s',
  // Compiling a query costs more than our short ones take.
  jit: 'off',
  // Three reader processes less; the working set of a small box sits in memory.
  io_method: 'sync',
  // Until a table that was empty is analysed, a look-up by id may walk all rows of its tenant: a minute of that is long in a new shop's first rush.
  autovacuum_naptime: '10s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
  // Statements, parameters and the DETAIL of a broken constraint carry personal data; the log must not.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
};

/** The server's arguments for our settings and those of the caller, which win. */
export function settingArguments(extra: ServerSettings = {}): string[] {
  return Object.entries({ ...SETTINGS, ...extra }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
