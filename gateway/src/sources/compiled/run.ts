import { GraphQLError, locatedError, type ExecutionResult, type FieldNode } from 'graphql';

/** An object or a list of the answer that is being filled. */
export class Frame {
  /** It has become null, and with it all that is below. */
  dead = false;

  constructor(
    readonly into: Record<string | number, unknown>, readonly up: Frame | undefined, readonly key: string | number,
    /** Whether null may stand in its place. */
    readonly nullable: boolean,
  ) {}

  get path(): (string | number)[] {
    const path: (string | number)[] = [];
    for (let frame: Frame = this; frame.up !== undefined; frame = frame.up) path.unshift(frame.key);
    return path;
  }
}

/** What is the same for all fields of one execution. */
export class Run {
  readonly errors: GraphQLError[] = [];
  readonly root = new Frame({}, undefined, '', true);
  /** Arguments of fields, which are the same wherever a field stands; by the field's plan. */
  readonly args = new Map<object, Record<string, unknown>>();
  #pending = 1;
  #finish: ((result: ExecutionResult) => void) | undefined;

  constructor(readonly contextValue: unknown, readonly rootValue: unknown, readonly variables: Readonly<Record<string, unknown>>) {}

  /** The result, at once when nothing is waited for. */
  end(): ExecutionResult | Promise<ExecutionResult> {
    this.#pending -= 1;
    return this.#pending === 0 ? this.#result() : new Promise((resolve) => { this.#finish = resolve; });
  }

  /** Goes on with a value that is not there yet. */
  wait(value: PromiseLike<unknown>, frame: Frame, key: string | number, nullable: boolean, nodes: readonly FieldNode[], then: (value: unknown) => void): void {
    // Its place among the names of the object.
    frame.into[key] = undefined;
    this.#pending += 1;
    value.then(
      (found) => {
        try {
          if (!frame.dead) then(found);
        } catch (error) {
          this.fail(error, frame, key, nullable, nodes);
        }
        this.#arrived();
      },
      (error: unknown) => {
        this.fail(error, frame, key, nullable, nodes);
        this.#arrived();
      },
    );
  }

  /** Puts null where it may stand, and tells why; once for all that has become null together. */
  fail(error: unknown, frame: Frame, key: string | number, nullable: boolean, nodes: readonly FieldNode[]): void {
    for (let above: Frame | undefined = frame; above !== undefined; above = above.up) if (above.dead) return;
    this.errors.push(locatedError(error, nodes, [...frame.path, key]));
    if (nullable) frame.into[key] = null;
    else this.#kill(frame);
  }

  #kill(frame: Frame): void {
    frame.dead = true;
    if (frame.up === undefined) return;
    if (frame.nullable) frame.up.into[frame.key] = null;
    else this.#kill(frame.up);
  }

  #arrived(): void {
    this.#pending -= 1;
    if (this.#pending === 0) this.#finish?.(this.#result());
  }

  #result(): ExecutionResult {
    const data = this.root.dead ? null : this.root.into;
    return this.errors.length === 0 ? { data } : { errors: this.errors, data };
  }
}
