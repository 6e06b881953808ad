import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { purgedAtOnce, purgeOld } from '../database/purge-old.ts'
import { insertRows, type NewRow, removed, rowsOf, scalar, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { createSigner } from '../platform/signing.ts'
import type { SignalKind } from './fraud-signal.entity.ts'
import type { Finding, ScreenInput } from './screen-order.ts'
import { readVelocityLimits, type VelocityLimit } from './velocity-limits.ts'

const nameOf = { email: 'email address', fingerprint: 'card', ip: 'internet address' } as const
/** So many times a limit, and there is no order. */
const blockedAt = 2

/**
 * Counts the orders that one email address, one card and one internet address make at a merchant within the windows of `VELOCITY_LIMITS`.
 * More than a limit is reviewed, more than twice as many are refused. Every order counts, refused ones too: these are the attempts that
 * card testing is made of. An order that is screened again counts once.
 */
export function createVelocityJudge({
  database,
  config,
}: {
  database: Database
  config: Pick<Config, 'velocityLimits' | 'signingSecret' | 'dataDir'>
}) {
  const limits = readVelocityLimits(config.velocityLimits)
  const signer = createSigner(config, 'fraud signal')
  // The signature alone: the token would carry the value in clear.
  const hash = (value: string) => signer.sign(value).split('.').at(-1) ?? ''

  return async (input: ScreenInput): Promise<Finding> => {
    const used: Record<SignalKind, string | null> = {
      email: input.email.trim().toLowerCase(),
      fingerprint: input.fingerprint,
      ip: input.ip,
    }
    const signals = [...new Set(limits.map(({ kind }) => kind))].flatMap((kind) => {
      const value = used[kind]
      return value ? [{ kind, valueHash: hash(`${input.merchantId}\n${kind}\n${value}`) }] : []
    })
    const counts = signals.length > 0 ? await countSignals(database, input, signals, limits) : []
    const [worst] = counts.sort((a, b) => b.seen / b.orders - a.seen / a.orders)
    if (!worst || worst.seen <= worst.orders)
      return { judge: 'velocity', outcome: 'passed', reason: 'within the limits' }
    return {
      judge: 'velocity',
      outcome: worst.seen > worst.orders * blockedAt ? 'blocked' : 'review',
      reason: `more than ${worst.orders} orders of one ${nameOf[worst.kind]} in ${worst.seconds} seconds`,
    }
  }
}

type Signal = { kind: SignalKind; valueHash: string }

const note = statement<{ signals: NewRow<'fraud_signals'>[] }>()((_, $) =>
  insertRows('fraud_signals', $.signals).onConflict((conflict) => conflict.doNothing()),
)

type Asked = {
  merchantId: string
  orderId: string
  signals: readonly Signal[]
  limits: readonly VelocityLimit[]
}

const count = statement<Asked>()((db, $) =>
  db
    .selectFrom(rowsOf($.signals, 's', { kind: 'text', valueHash: 'text' }))
    .innerJoin(rowsOf($.limits, 'l', { kind: 'text', orders: 'integer', seconds: 'integer' }), 'l.kind', 's.kind')
    .select((s) => [
      'l.kind',
      'l.orders',
      'l.seconds',
      scalar(
        s
          .selectFrom('fraud_signals as f')
          .select((f) => f.fn.countAll<number>().as('seen'))
          .where('f.merchant_id', '=', $.merchantId)
          .whereRef('f.kind', '=', 's.kind')
          .whereRef('f.value_hash', '=', 's.valueHash')
          .where((f) =>
            f.or([
              f('f.order_id', '=', $.orderId),
              f('f.at', '>', sql<Date>`now() - make_interval(secs => ${f.ref('l.seconds')})`),
            ]),
          ),
      ).as('seen'),
    ]),
)

/**
 * Notes the signals of an order and counts the orders that share one in each window, this one included. Noted and committed first: of
 * orders that are screened at the same time the last sees all the others.
 */
async function countSignals(
  database: Database,
  { merchantId, orderId }: ScreenInput,
  signals: readonly Signal[],
  limits: readonly VelocityLimit[],
): Promise<(VelocityLimit & { seen: number })[]> {
  await note(database, {
    signals: signals.map(({ kind, valueHash }) => ({
      merchant_id: merchantId,
      kind,
      value_hash: valueHash,
      order_id: orderId,
    })),
  })
  return count(database, { merchantId, orderId, signals, limits })
}

const removeSome = statement<{ before: Date }>()((db, $) =>
  removed(
    db
      .deleteFrom('fraud_signals')
      // Its key has four columns; where a row stands is enough to remove it.
      .where(
        sql<boolean>`ctid = any(array${db
          .selectFrom('fraud_signals')
          .select(sql`ctid`.as('place'))
          .where('at', '<', $.before)
          .orderBy('at')
          .limit(purgedAtOnce)})`,
      ),
  ),
)

/** Removes signals that no window counts any more. Returns how many. */
export async function purgeSignals({ database, config }: { database: Database; config: Config }): Promise<number> {
  const longest = Math.max(0, ...readVelocityLimits(config.velocityLimits).map(({ seconds }) => seconds))
  const before = new Date(Date.now() - longest * 1_000)
  return purgeOld(() => removeSome(database, { before }))
}
