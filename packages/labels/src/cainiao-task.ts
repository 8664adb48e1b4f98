/** What a carrier or a channel gave for Cainiao's component to print, as it stands: mostly ciphertext that only the component opens. */
export interface PrintData {
  readonly templateURL: string;
  readonly encryptedData?: string;
  readonly signature?: string;
  readonly ver?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
/** One label of a task. */
export interface CainiaoDocument { readonly documentID: string; readonly contents: readonly PrintData[] }
/** A request that a client sends to the component over its WebSocket, `ws://127.0.0.1:13528`. */
export interface CainiaoTask {
  readonly cmd: 'print';
  readonly requestID: string;
  readonly version: '1.0';
  readonly task: { readonly taskID: string; readonly preview: boolean; readonly printer: string; readonly notifyMode: 'allInOne'; readonly documents: readonly CainiaoDocument[] };
}

/** The component's word for printing. */
export const CAINIAO_COMMAND = 'print';

/**
 * A print task of Cainiao's component. The task's id is ours: one that is sent twice is printed once by it.
 * @param printer empty for the default one of the machine
 */
export const cainiaoTask = (taskId: string, documents: readonly CainiaoDocument[], printer = ''): CainiaoTask =>
  ({ cmd: CAINIAO_COMMAND, requestID: taskId, version: '1.0', task: { taskID: taskId, preview: false, printer, notifyMode: 'allInOne', documents } });
