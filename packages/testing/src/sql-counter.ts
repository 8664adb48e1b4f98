/** Collects the SQL statements of a subgraph, without BEGIN, set_config and COMMIT. */
export class SqlCounter {
  #statements: string[] = [];

  readonly onQuery = (sql: string): void => {
    if (!/^\s*(begin|commit|rollback|start transaction|set transaction|savepoint|release savepoint|select set_config\()/i.test(sql)) this.#statements.push(sql);
  };

  /** The statements that ran while `work` did. */
  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    this.#statements = [];
    await work();
    return [...this.#statements];
  }
}
