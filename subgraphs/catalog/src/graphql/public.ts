/** Marks a field as part of what partners see. */
export const PUBLIC = '@tag(name: "public")';
