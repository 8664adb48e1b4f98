import type { SandboxResponse } from '../server/sandbox.js';

export const answer = (body: string): SandboxResponse => ({ status: 200, headers: { 'content-type': 'application/json;charset=UTF-8' }, body });
export const refuse = (code: number, msg: string, subCode = String(code)): SandboxResponse =>
  answer(`{"error_response":{"error_code":${code},"error_msg":"${msg}","sub_code":"${subCode}","sub_msg":"${msg}","request_id":"sandbox"}}`);
