/** The three database roles of a subgraph and the URLs they connect with. */
export interface SubgraphDatabaseUrls {
  /** Serves requests: sees only rows of the tenant that is set; never owns a table. */
  readonly app: string;
  /** Works across tenants (relay, sweepers, look-up of a webhook's connection): only on the tables granted to it. */
  readonly system: string;
  /** Owns the tables and runs migrations; not used while serving. */
  readonly owner: string;
}

export type RoleKind = keyof SubgraphDatabaseUrls;

/** Name of a subgraph's role, for example `inventory_app`. */
export const roleName = (subgraph: string, kind: RoleKind): string => `${subgraph}_${kind}`;

/** URLs of the three roles in one database, from its address and a password for each. */
export function subgraphUrls(databaseUrl: string, subgraph: string, passwordOf: (role: string) => string): SubgraphDatabaseUrls {
  const urlOf = (kind: RoleKind): string => {
    const url = new URL(databaseUrl);
    url.username = roleName(subgraph, kind);
    url.password = encodeURIComponent(passwordOf(roleName(subgraph, kind)));
    return url.href;
  };
  return { app: urlOf('app'), system: urlOf('system'), owner: urlOf('owner') };
}
