import { json } from '../json-answer.js';
import type { SandboxResponse } from '../server/sandbox.js';

export const ok = (text: string): SandboxResponse => ({ status: 200, headers: { 'content-type': 'application/json' }, body: `{"code":10000,"msg":"success","sub_code":"","sub_msg":"","data":${text},"log_id":"sandbox"}` });
export const refuse = (code: number, subCode: string): SandboxResponse => json(200, { code, msg: 'refused', sub_code: subCode, sub_msg: subCode, data: null, log_id: 'sandbox' });
