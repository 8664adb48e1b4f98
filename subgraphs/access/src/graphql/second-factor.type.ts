import { STEP_UP_ACTIONS } from '@quanyu/calls';
import { DateTime, MoneyInput, type UserErrorShape } from '@quanyu/subgraph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AccessUserError } from './access-user-error.type.js';

export type StepUpAction = (typeof STEP_UP_ACTIONS)[number];
export const StepUpActionEnum = Object.fromEntries(STEP_UP_ACTIONS.map((action) => [action, action])) as { readonly [Action in StepUpAction]: Action };
registerEnumType(StepUpActionEnum, {
  name: 'StepUpAction',
  description: 'What a second factor is asked for.',
  valuesConfig: {
    REFUND: { description: 'Money goes back for an after-sale, or for an order that is given up or made smaller; `subject` is the one or the other.' },
    APPROVE_REFUND: { description: 'Somebody agrees to a large refund; `subject` is the refund.' },
    RECORD_REFUND: { description: 'Somebody says that money went back by other means; `subject` is the refund.' },
    EXPORT_ORDERS: { description: 'Orders leave the house in a file, with whom they go to; `subject` is your own id.' },
  },
});

@ObjectType('SecondFactor', { description: 'A device that makes codes by the clock, and codes for whoever loses it.' })
export class SecondFactorType {
  @Field(() => DateTime) enrolledAt!: Date;
  @Field(() => Int, { description: 'Recovery codes that are still good.' }) recoveryCodesLeft!: number;
  @Field(() => DateTime, { nullable: true, description: 'Until then no code is heard, after too many wrong ones.' }) lockedUntil!: Date | null;
}

@ObjectType()
export class BeginSecondFactorPayload {
  @Field(() => String, { nullable: true, description: 'For typing in: Base32. Shown only now.' }) secret!: string | null;
  @Field(() => String, { nullable: true, description: 'For a QR code: what authenticator apps read.' }) otpauthUri!: string | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
export class RecoveryCodesPayload {
  @Field(() => [String], { description: 'Each is good once instead of a code of the device. Shown only now.' }) recoveryCodes!: readonly string[];
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@ObjectType()
export class SecondFactorPayload {
  @Field({ description: 'Whether there is none any more.' }) removed!: boolean;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}

@InputType()
export class StepUpInput {
  @Field({ description: 'Six digits of the device, or a recovery code.' }) code!: string;
  @Field(() => StepUpActionEnum) action!: StepUpAction;
  @Field(() => ID, { description: 'What it is done to.' }) subject!: string;
  @Field(() => MoneyInput, { nullable: true, description: 'Exactly what goes back; not given where no money moves.' }) amount?: MoneyInput | null;
}

@ObjectType()
export class StepUpPayload {
  @Field(() => String, { nullable: true, description: 'Send it with the deed. Good once, for this deed, this thing and this amount.' }) token!: string | null;
  @Field(() => DateTime, { nullable: true }) expiresAt!: Date | null;
  @Field(() => [AccessUserError]) userErrors!: UserErrorShape[];
}
