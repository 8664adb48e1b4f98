import { Field, ObjectType, registerEnumType, type ClassType } from 'type-graphql';
import type { ErrorEntry, UserErrorShape } from '../errors.js';

/** Makes the error type of a room, `<Room>UserError`, whose `code` is an enum of the room's table of errors. */
export function UserError<Code extends string>(room: string, table: Readonly<Record<Code, ErrorEntry>>): ClassType<UserErrorShape<Code>> {
  const codes = Object.fromEntries(Object.keys(table).map((code) => [code, code])) as Record<Code, Code>;
  registerEnumType(codes, {
    name: `${room}ErrorCode`,
    valuesConfig: Object.fromEntries(Object.entries<ErrorEntry>(table).map(([code, { en }]) => [code, { description: en }])) as never,
  });

  @ObjectType(`${room}UserError`)
  class UserErrorClass {
    @Field(() => codes) code!: Code;
    @Field(() => [String], { nullable: true, description: 'Path of the input field that it is about.' }) field!: string[] | null;
    @Field({ description: "In the language of the request's Accept-Language." }) message!: string;
    @Field({ description: 'Whether the same request may succeed later.' }) retryable!: boolean;
  }
  return UserErrorClass as unknown as ClassType<UserErrorShape<Code>>;
}
