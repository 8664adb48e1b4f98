import { DateTime } from '@quanyu/subgraph';
import { ROLES, type RoleName } from '@quanyu/viewer';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export const StaffRoleEnum = Object.fromEntries(Object.keys(ROLES).map((role) => [role, role])) as { readonly [Role in RoleName]: Role };
registerEnumType(StaffRoleEnum, {
  name: 'StaffRole',
  description: 'What somebody may do; where they may do it is said by their channels.',
  valuesConfig: {
    OWNER: { description: 'Everything, in all channels; the only role that manages staff and keys.' },
    OPERATOR: { description: 'Goods, stock, orders and tickets.' },
    SERVICE_AGENT: { description: 'Tickets; goods, orders and members to look at, with personal data masked.' },
    FINANCE: { description: 'The books; orders and the audit log to look at.' },
    READER: { description: 'Goods, stock and orders to look at.' },
  },
});

@Directive('@key(fields: "id")')
@ObjectType('Staff', { description: 'Somebody who works for the tenant.' })
export class StaffType {
  @Field(() => ID) id!: string;
  @Field() name!: string;
  @Field(() => Int, { description: 'Grows with each change; send it back as `expectedVersion`.' }) version!: number;
  @Field(() => DateTime) invitedAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'Since when they are shut out.' }) removedAt!: Date | null;
  role!: RoleName;
  issuer!: string;
  subject!: string;
  allChannels!: boolean;
}
