// Orders of a shop that are missing here, few or many, and what tells one gap from another.

export const gapCause = ({ gapId, connectionId, severity }: { readonly gapId: string; readonly connectionId: string; readonly severity: 'WARNING' | 'CRITICAL' }) => ({
  code: severity === 'CRITICAL' ? 'MANY_ORDERS_MISSING' as const : 'ORDERS_MISSING' as const, subjectKind: 'CHANNEL' as const, subjectId: connectionId, connectionId, causeId: gapId,
});
