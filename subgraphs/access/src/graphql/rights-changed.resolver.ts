import { rightsChanged, type EventOf } from '@quanyu/events';
import { follow, type GraphContext } from '@quanyu/subgraph';
import { AccessError } from '@quanyu/viewer';
import { Directive, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';

/** Whose rights have changed; what they are now is asked for anew. */
@Directive('@inaccessible')
@ObjectType()
class RightsChange {
  @Field(() => ID) subjectId!: string;
}

@Resolver()
export class RightsChangedResolver {
  /** For the gateway, which closes what somebody holds open with rights that they no longer have. */
  @Directive('@inaccessible')
  @Subscription(() => RightsChange, {
    subscribe: follow((_args, { viewer }: GraphContext) => {
      if (viewer.kind !== 'service') throw new AccessError('FORBIDDEN');
      return { types: [rightsChanged.type] };
    }),
  })
  rightsChanged(@Root() event: EventOf<typeof rightsChanged>): RightsChange {
    return { subjectId: event.data.subjectId };
  }
}
