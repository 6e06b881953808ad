import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { createSecretBox } from '../platform/secret-box.ts'
import { randomWord } from './random-word.ts'

const stepSeconds = 30
const secretBytes = 20
const recoveryCount = 10
const recoveryLength = 16

/** Time-based codes (RFC 6238) of an app, six digits every thirty seconds, and recovery codes for when it is lost. */
export type SecondFactors = {
  isOn(userId: string): Promise<boolean>
  /** Makes a secret that counts once {@link confirm} was told a code of it; undefined where one counts already. */
  begin(userId: string): Promise<string | undefined>
  /** The secret that waits to be confirmed. */
  pending(userId: string): Promise<string | undefined>
  /** Turns it on with a first code. Returns the recovery codes, which are shown this once; undefined for a wrong code. */
  confirm(userId: string, code: string): Promise<string[] | undefined>
  /** Uses a code of the app or a recovery code up. False for one that is wrong, too old, or used already. */
  use(userId: string, code: string): Promise<boolean>
  remove(userId: string): Promise<void>
}

const read = statement<{ userId: string }>()((db, $) =>
  db.selectFrom('second_factors').select(['secret', 'confirmed_at as confirmedAt']).where('user_id', '=', $.userId),
)

const storePending = statement<{ userId: string; secret: string }>()((db, $) =>
  db
    .insertInto('second_factors')
    .values({ user_id: $.userId, secret: $.secret })
    .onConflict((conflict) =>
      conflict
        .column('user_id')
        .doUpdateSet((row) => ({ secret: row.ref('excluded.secret'), created_at: now }))
        .where('second_factors.confirmed_at', 'is', null),
    )
    .returning('user_id'),
)

const storeConfirmed = statement<{ userId: string; secret: string; step: number; hashes: string[] }>()((db, $) =>
  db
    .updateTable('second_factors')
    .set({ confirmed_at: now, last_step: $.step, recovery_hashes: $.hashes.json })
    .where('user_id', '=', $.userId)
    .where('secret', '=', $.secret)
    .where('confirmed_at', 'is', null)
    .returning('user_id'),
)

// Of two who send the same code one is first: the other finds the step used.
const takeStep = statement<{ userId: string; step: number }>()((db, $) =>
  db
    .updateTable('second_factors')
    .set({ last_step: $.step })
    .where('user_id', '=', $.userId)
    .where('confirmed_at', 'is not', null)
    .where('last_step', '<', $.step)
    .returning('user_id'),
)

const takeRecovery = statement<{ userId: string; hash: string }>()(
  (_, $) => sql<{ userId: string }>`
    update second_factors set recovery_hashes = recovery_hashes - ${$.hash}::text
    where user_id = ${$.userId} and confirmed_at is not null and recovery_hashes ? ${$.hash}::text
    returning user_id as "userId"`,
)

const removeOne = statement<{ userId: string }>()((db, $) =>
  db.deleteFrom('second_factors').where('user_id', '=', $.userId),
)

const totpOf = (secret: string, label = '', issuer = ''): TOTP =>
  new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: stepSeconds, secret: Secret.fromBase32(secret) })

/** What an app reads of a QR code. */
export const addressOfSecret = (secret: string, account: { label: string; issuer: string }): string =>
  totpOf(secret, account.label, account.issuer).toString()

const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex')
const isAppCode = /^\d{6}$/
const plain = (code: string): string => code.toLowerCase().replace(/[\s-]/g, '')

/** `clock` says the time in milliseconds. A code counts thirty seconds longer and sooner, for clocks that go wrong. */
export function createSecondFactors(
  config: Pick<Config, 'signingSecret' | 'dataDir'>,
  on: Sql,
  clock: () => number = Date.now,
): SecondFactors {
  const box = createSecretBox(config, 'second factors')
  const stepOf = (secret: string, code: string): number | undefined => {
    const timestamp = clock()
    const delta = totpOf(secret).validate({ token: code, timestamp, window: 1 })
    return delta === null ? undefined : Math.floor(timestamp / 1000 / stepSeconds) + delta
  }
  const secretOf = async (
    userId: string,
    state: 'pending' | 'on',
  ): Promise<{ sealed: string; secret: string } | undefined> => {
    const [row] = await read(on, { userId })
    if (!row || (row.confirmedAt === null) !== (state === 'pending')) return undefined
    return { sealed: row.secret, secret: box.open(row.secret, userId) }
  }
  return {
    isOn: async (userId) => ((await read(on, { userId }))[0]?.confirmedAt ?? null) !== null,
    async begin(userId) {
      const secret = new Secret({ size: secretBytes }).base32
      const stored = await storePending(on, { userId, secret: box.seal(secret, userId) })
      return stored.length > 0 ? secret : undefined
    },
    pending: async (userId) => (await secretOf(userId, 'pending'))?.secret,
    async confirm(userId, code) {
      const found = await secretOf(userId, 'pending')
      const step = found && stepOf(found.secret, plain(code))
      if (!found || step === undefined) return undefined
      const codes = Array.from({ length: recoveryCount }, () => randomWord(recoveryLength))
      const stored = await storeConfirmed(on, { userId, secret: found.sealed, step, hashes: codes.map(hashOf) })
      return stored.length > 0 ? codes.map((word) => word.replace(/(.{4})(?=.)/g, '$1-')) : undefined
    },
    async use(userId, code) {
      const given = plain(code)
      if (!isAppCode.test(given)) return (await takeRecovery(on, { userId, hash: hashOf(given) })).length > 0
      const found = await secretOf(userId, 'on')
      const step = found && stepOf(found.secret, given)
      return step !== undefined && (await takeStep(on, { userId, step })).length > 0
    },
    async remove(userId) {
      await removeOne(on, { userId })
    },
  }
}
