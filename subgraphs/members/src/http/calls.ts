import { adoptMemberIssuer, answer, readMemberAddress, resolveMember, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { adoptIssuer, signInMember } from '../commands/sign-in-member.js';
import { sealedAddress } from '../queries/addresses.js';

export const calls = ({ database, vault }: SubgraphDeps): readonly CallHandler[] => [
  answer(resolveMember, (signIn) => signInMember(database, vault, signIn)),
  answer(adoptMemberIssuer, (input) => adoptIssuer(database, input)),
  answer(readMemberAddress, (input) => sealedAddress(database, input)),
];
