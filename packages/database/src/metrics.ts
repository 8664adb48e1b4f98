import { counter, gauge, histogram } from '@quanyu/telemetry';

/** For who stores many commands by one statement: each still counts as one. */
export const commandSeconds = histogram('quanyu_command_seconds', 'How long a command took: its transaction with its retries.', ['subgraph', 'command', 'outcome']);
export const commandRetries = counter('quanyu_command_retries_total', 'Transactions tried again after a deadlock or a serialization failure.', ['subgraph', 'command']);
export const poolConnections = gauge('quanyu_pool_connections', 'Connections to PostgreSQL: in-use or idle.', ['subgraph', 'pool', 'state']);
export const poolWaiting = gauge('quanyu_pool_waiting', 'Transactions that wait for a connection.', ['subgraph', 'pool']);
