import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { now, type Runs, statement } from '../database/statement.ts'
import { newId } from '../platform/ids.ts'
import { createSigner } from '../platform/signing.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { hashPassword } from './passwords.ts'
import { storePassword } from './users.ts'

const validMinutes = 30
/** However often somebody asks, one mail goes out in so many minutes. */
const againMinutes = 2

type SigningConfig = Parameters<typeof createSigner>[0]

const insertReset = statement<{ id: string; email: string }>()((db, $) =>
  db
    .insertInto('password_resets')
    .columns(['id', 'user_id', 'expires_at'])
    .expression(
      db
        .selectFrom('users as u')
        .select([
          $.id.typed('text').as('id'),
          'u.id as user_id',
          sql<Date>`now() + make_interval(mins => ${sql.lit(validMinutes)})`.as('expires_at'),
        ])
        .where('u.email', '=', $.email)
        // An operator's password is changed by another operator.
        .where('u.merchant_id', 'is not', null)
        .where((u) =>
          u.not(
            u.exists(
              u
                .selectFrom('password_resets as r')
                .select('r.id')
                .whereRef('r.user_id', '=', 'u.id')
                .where('r.created_at', '>', sql<Date>`now() - make_interval(mins => ${sql.lit(againMinutes)})`),
            ),
          ),
        ),
    )
    .returning('id'),
)

/** Calls for a mail to whoever has forgotten a password. Whoever asks learns nothing, also not whether there is such an account. */
export async function requestReset(tx: Pick<Transaction, 'sql' | 'enqueue'>, email: string): Promise<void> {
  const id = newId('passwordReset')
  const made = await insertReset(tx, { id, email: email.toLowerCase() })
  if (made.length > 0) tx.enqueue({ job: 'send-password-reset', payload: { resetId: id }, dedupeKey: id })
}

const readOpen = statement<{ id: string }>()((db, $) =>
  db
    .selectFrom('password_resets as r')
    .innerJoin('users as u', 'u.id', 'r.user_id')
    .innerJoin('merchants as m', 'm.id', 'u.merchant_id')
    .select(['u.id as userId', 'u.email', 'm.name as merchantName'])
    .where('r.id', '=', $.id)
    .where('r.used_at', 'is', null)
    .where('r.expires_at', '>', now),
)

/** Whose password can be set anew; undefined once it was, or its half hour is over. */
export async function findOpenReset(on: Sql, id: string) {
  const [reset] = await readOpen(on, { id })
  return reset
}

const claim = statement<{ id: string }>()((db, $) =>
  db
    .updateTable('password_resets')
    .set({ used_at: now })
    .where('id', '=', $.id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('user_id as userId'),
)

/** Sets a password by a reset, once, and signs every browser out. False where the reset is used or too old. */
export async function resetPassword(tx: Runs, input: { id: string; wanted: string }): Promise<boolean> {
  const [claimed] = await claim(tx, { id: input.id })
  if (!claimed) return false
  await storePassword(tx, { userId: claimed.userId, hash: await hashPassword(input.wanted) })
  return true
}

const signerOf = (config: SigningConfig) => createSigner(config, 'password reset')

/** What stands in the mail, made of the id, so that a mail that is sent again says the same. */
export const tokenOfReset = (config: SigningConfig, id: string): string => signerOf(config).sign(id)

/** The id of a token that this installation has made. */
export const openResetToken = (config: SigningConfig, token: string): string | undefined => signerOf(config).open(token)
