import { DateTime } from '@quanyu/subgraph';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ALERT_CODES, type AlertCode, type Params, type Severity } from '../domain/alert-codes.js';

const AlertCodeEnum = Object.fromEntries(ALERT_CODES.map((code) => [code, code])) as Record<AlertCode, AlertCode>;
registerEnumType(AlertCodeEnum, { name: 'AlertCode' });

const AlertSeverityEnum = { WARNING: 'WARNING', CRITICAL: 'CRITICAL' } as const;
registerEnumType(AlertSeverityEnum, { name: 'AlertSeverity' });

export const AlertStateEnum = { OPEN: 'OPEN', RESOLVED: 'RESOLVED' } as const;
registerEnumType(AlertStateEnum, { name: 'AlertState' });

const AlertSubjectKindEnum = { ORDER: 'ORDER', CHANNEL: 'CHANNEL', EVENT: 'EVENT', SKU: 'SKU' } as const;
registerEnumType(AlertSubjectKindEnum, { name: 'AlertSubjectKind' });

/** An order of the orders subgraph: the bridge points to it, and adds where it has been handed over. */
@Directive('@key(fields: "id")')
@ObjectType('Order')
export class OrderStub {
  @Field(() => ID) id!: string;
}

@ObjectType('Alert', { description: 'Something that a person should look at, raised once for each cause.' })
export class AlertType {
  @Field(() => ID) id!: string;
  @Field(() => AlertCodeEnum) code!: AlertCode;
  @Field(() => AlertSeverityEnum) severity!: Severity;
  @Field(() => AlertStateEnum) state!: keyof typeof AlertStateEnum;
  @Field(() => AlertSubjectKindEnum) subjectKind!: keyof typeof AlertSubjectKindEnum;
  @Field(() => ID, { description: 'Id of what it is about: an order, a channel, a SKU, a parked event.' }) subjectId!: string;
  @Field(() => Int, { description: 'How often its cause came while it was open.' }) count!: number;
  @Field(() => DateTime) firstAt!: Date;
  @Field(() => DateTime) lastAt!: Date;
  @Field(() => DateTime, { nullable: true }) resolvedAt!: Date | null;
  connectionId!: string | null;
  params!: Params;
}
