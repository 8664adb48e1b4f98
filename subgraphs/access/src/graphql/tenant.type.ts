import { DateTime } from '@quanyu/subgraph';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { TenantRow } from '../entities/tenant.entity.js';

export const TenantStatusEnum = { ENABLED: 'ENABLED', DISABLED: 'DISABLED' } as const;
registerEnumType(TenantStatusEnum, {
  name: 'TenantStatus',
  description: 'Whether the people and keys of a tenant are let in. Its channels go on either way: what is sold outside keeps coming in, and nothing of it is lost.',
  valuesConfig: {
    ENABLED: { description: 'They are. Where statuses are numbers it is 1.' },
    DISABLED: { description: 'They can neither sign in nor ask. Where statuses are numbers it is 0.' },
  },
});

@ObjectType('TenantStanding', { description: 'What a tenant has booked, whether it is open, and who changed that last.' })
export class TenantStandingType {
  @Field(() => TenantStatusEnum) status!: TenantRow['status'];
  @Field(() => ID, { description: 'What it has booked; what a package means is the business of whoever runs the house.' }) packageId!: string;
  @Field(() => DateTime, { nullable: true, description: 'From then on nobody of it is let in, as if it were disabled; null: no end.' }) expiresAt!: Date | null;
  @Field(() => Int, { nullable: true, description: 'The most people who may work for it; a smaller one than there are sends nobody away. Null: any number.' }) accountLimit!: number | null;
  @Field(() => Int, { description: 'Grows with each change; send it back as `expectedVersion`.' }) version!: number;
  @Field(() => DateTime) createdAt!: Date;
  @Field(() => ID, { description: 'Who set it up: a staff member, or a part of this system.' }) createdBy!: string;
  @Field(() => DateTime) updatedAt!: Date;
  @Field(() => ID) updatedBy!: string;
  @Field(() => DateTime, { nullable: true, description: 'Since when it is shut for good. Its rows stay, so it can be restored.' }) deletedAt!: Date | null;
  id!: string;
}

@ObjectType('Tenant', { description: 'A merchant: what belongs to one is never seen by another.' })
export class TenantType {
  @Field(() => ID) id!: string;
  @Field() name!: string;
  @Field({ description: 'IANA name; business days, "early morning" and birthdays are meant in it.' }) timeZone!: string;
  @Field({ description: 'ISO 4217; the currency of its books.' }) baseCurrency!: string;
}
