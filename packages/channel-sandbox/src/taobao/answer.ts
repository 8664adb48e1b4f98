import type { SandboxResponse } from '../server/sandbox.js';

/** How TOP refuses: 200, and an error in the body. */
export const refuse = (code: string, msg: string, subCode?: string): SandboxResponse =>
  ({ status: 200, headers: { 'content-type': 'text/javascript;charset=UTF-8' }, body: `{"error_response":{"code":${code},"msg":"${msg}"${subCode === undefined ? '' : `,"sub_code":"${subCode}","sub_msg":"${msg}"`},"request_id":"sandbox"}}` });

/** How TOP answers. */
export const ok = (name: string, text: string): SandboxResponse => ({ status: 200, headers: { 'content-type': 'text/javascript;charset=UTF-8' }, body: `{"${name}":${text}}` });
