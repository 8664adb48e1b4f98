import { histogram } from '@quanyu/telemetry';

export const callSeconds = histogram('quanyu_call_seconds', 'How long a call from one subgraph to another took, seen from who asked.', ['call', 'outcome']);
