import { json } from '../json-answer.js';
import type { SandboxResponse } from '../server/sandbox.js';

export const ok = (data: unknown): SandboxResponse => json(200, { success: true, error_code: 0, error_msg: '', data });
export const refuse = (code: number, message: string): SandboxResponse => json(200, { success: false, error_code: code, error_msg: message, data: null });
