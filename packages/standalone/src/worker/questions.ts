import { runDocument, ServiceUnavailableError, type CallHandler, type Calls } from '@quanyu/calls';
import { log } from '@quanyu/telemetry';

type Asked = Parameters<typeof runDocument.input.parse>[0];
type Told = ReturnType<typeof runDocument.output.parse>;

/** What the work asks of the gateway, which stands with the doors. */
export interface QuestionMessage { readonly question: number; readonly input: Asked }
/** Without an answer: it may be asked again. */
export interface AnswerMessage { readonly answerTo: number; readonly told: Told | null }

/** The worker's end: the gateway's calls, over the channel between two processes. */
export class Questions {
  readonly #waiting = new Map<number, { answer(told: Told): void; fail(error: Error): void }>();
  #count = 0;

  constructor(private readonly send: (message: QuestionMessage) => void) {}

  readonly calls: readonly CallHandler[] = [{
    name: runDocument.name, callers: runDocument.callers,
    handle: (input) => new Promise((answer, fail) => {
      this.#count += 1;
      this.#waiting.set(this.#count, { answer, fail });
      this.send({ question: this.#count, input });
    }),
  }];

  hear({ answerTo, told }: AnswerMessage): void {
    const waiting = this.#waiting.get(answerTo);
    this.#waiting.delete(answerTo);
    if (told === null) waiting?.fail(new ServiceUnavailableError(runDocument.owner, true));
    else waiting?.answer(told);
  }
}

/** The doors' end. @param calls null as long as nobody stands at the doors */
export async function answerTo(calls: Calls | null, { question, input }: QuestionMessage): Promise<AnswerMessage> {
  try {
    return { answerTo: question, told: calls && await calls.invoke(runDocument, input as never) };
  } catch (error) {
    log.warn('a question of the work has no answer', { step: runDocument.name, error });
    return { answerTo: question, told: null };
  }
}
