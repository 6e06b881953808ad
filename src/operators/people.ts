import type { Runs } from '../database/statement.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { may, type Role } from './roles.ts'
import { removeUser } from './users.ts'

/** Somebody of a merchant, and who changes what they may. */
type Change = { merchantId: string; by: string; userId: string }

// All of them, in one order: owners who take each other's role away at the same time come one after the other.
const lockPeople = statement<{ merchantId: string }>()((db, $) =>
  db.selectFrom('users').select(['id', 'role']).where('merchant_id', '=', $.merchantId).orderBy('id').forNoKeyUpdate(),
)

const storeRole = statement<{ userId: string; role: Role }>()((db, $) =>
  db.updateTable('users').set({ role: $.role }).where('id', '=', $.userId),
)

/**
 * Gives one of a merchant's people another role; what they may do changes with their next request.
 * @throws ApiError `role_too_low` for who is no owner (any more), `not_found`, `last_owner` where nobody else is an owner
 */
export async function changeRole(tx: Runs, change: Change & { role: Role }): Promise<void> {
  await requireOwnerBeside(tx, change, change.role)
  await storeRole(tx, change)
}

/**
 * Takes the access of one of a merchant's people away, and signs them out.
 * @throws ApiError `in_use` for oneself, and what {@link changeRole} throws
 */
export async function removePerson(tx: Runs, change: Change): Promise<void> {
  // Whoever is signed in stays, so that a shop is never left without anybody.
  if (change.userId === change.by) throw new ApiError('in_use')
  await requireOwnerBeside(tx, change, undefined)
  await removeUser(tx, change.merchantId, change.userId)
}

/** Whoever came later finds the people as the one before has left them. */
async function requireOwnerBeside(tx: Runs, { merchantId, by, userId }: Change, becomes: Role | undefined) {
  const people = await lockPeople(tx, { merchantId })
  const actor = people.find(({ id }) => id === by)
  if (!actor || !may(actor.role, 'people')) throw new ApiError('role_too_low')
  const owners = people.filter(({ id, role }) => role === 'owner' && id !== userId)
  if (!people.some(({ id }) => id === userId)) throw new ApiError('not_found')
  if (becomes !== 'owner' && owners.length === 0) throw new ApiError('last_owner')
}
