import { DateTime } from '@quanyu/subgraph';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DELIVERY_REASONS, DELIVERY_STATES, type DeliveryReason, type DeliveryState } from '../domain/delivery-state.js';

const enumOf = <Value extends string>(values: readonly Value[]): Record<Value, Value> => Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const DeliveryStateEnum = enumOf(DELIVERY_STATES);
registerEnumType(DeliveryStateEnum, {
  name: 'DeliveryState',
  valuesConfig: {
    RECEIVED: { description: 'Stored and answered; nothing signs it, so only what is read at the platform will count.' },
    VERIFIED: { description: 'Stored and answered, its signature good; waits to be worked on.' },
    PROCESSING: { description: 'Somebody works on it.' },
    DONE: { description: 'Understood and told to the other subgraphs.' },
    FAILED: { description: 'A try failed by our own fault; it is tried again.' },
    DEAD: { description: 'Nobody tries any more; `reasonCode` says why, `replayDelivery` tries again.' },
    IGNORED: { description: 'Of a topic that means nothing to us.' },
  },
});

export const DeliveryReasonEnum = enumOf(DELIVERY_REASONS);
registerEnumType(DeliveryReasonEnum, {
  name: 'DeliveryReason',
  valuesConfig: {
    BODY_NOT_JSON: { description: 'Signed, but not JSON.' },
    BODY_NOT_AN_ORDER: { description: 'JSON, but not an order; `reasonPath` names the field.' },
    NO_LINES: { description: 'An order without units.' },
    TOPIC_NOT_HANDLED: { description: 'No topic of ours.' },
    TRANSLATION_FAILED: { description: 'Our own fault; the log has the error.' },
    GAVE_UP: { description: 'Taken up often and never finished: it may bring down whoever reads it.' },
    ADDRESS_NOT_ALLOWED: { description: 'It names an address that is not the platform\'s own; nobody asked there.' },
    BODY_GONE: { description: 'The body was removed before it was worked on.' },
  },
});

@ObjectType('Delivery', { description: 'One webhook as it came. Its body is kept sealed for 90 days and never shown.' })
export class DeliveryType {
  @Field(() => ID) id!: string;
  @Field({ description: 'In the words of the platform; not covered by the signature.' }) topic!: string;
  @Field(() => DeliveryStateEnum) state!: DeliveryState;
  @Field(() => DeliveryReasonEnum, { nullable: true }) reasonCode!: DeliveryReason | null;
  @Field(() => String, { nullable: true, description: 'The field of the body that does not fit, such as `line_items.0.price`; never its value.' }) reasonPath!: string | null;
  @Field(() => Int, { description: 'How often it was taken up since it came or was last replayed.' }) attempts!: number;
  @Field(() => String, { nullable: true, description: "The channel's own id of the order that it told of." }) externalOrderId!: string | null;
  @Field(() => Int) bodyBytes!: number;
  @Field({ description: 'SHA-256 of the body, base64url: equal bodies have equal hashes.' }) bodyHash!: string;
  @Field(() => DateTime, { nullable: true, description: 'When the platform says that it happened.' }) triggeredAt!: Date | null;
  @Field(() => DateTime) receivedAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When it came to its outcome.' }) doneAt!: Date | null;
  connectionId!: string;
}
