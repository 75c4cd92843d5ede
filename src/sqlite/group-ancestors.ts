import type { CustomerGroupId } from '../core/glossary.ts';
import type { Session } from './session.ts';

/** Ancestors of a group, the nearest first. */
export type Ancestry = (groupId: CustomerGroupId) => readonly CustomerGroupId[];

/** Asks once a group for as long as it lives, which is a batch or a page: guests are many, their groups few. */
export function openAncestry(session: Session): Ancestry {
  const known = new Map<CustomerGroupId, readonly CustomerGroupId[]>();
  return (groupId) => {
    const found = known.get(groupId) ?? readAncestors(session, groupId);
    known.set(groupId, found);
    return found;
  };
}

function readAncestors(session: Session, group: CustomerGroupId): readonly CustomerGroupId[] {
  return session
    .find('group_ancestors')
    .all<{ groupId: CustomerGroupId }>('ancestors', { group })
    .map(({ groupId }) => groupId);
}
