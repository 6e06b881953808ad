import type { Database } from '../database/database.ts'
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

/**
 * Notes the signals of an order and counts the orders that share one in each window, this one included. Noted and committed first: of
 * orders that are screened at the same time the last sees all the others.
 */
async function countSignals(
  { sql }: Database,
  { merchantId, orderId }: ScreenInput,
  signals: readonly { kind: SignalKind; valueHash: string }[],
  limits: readonly VelocityLimit[],
): Promise<(VelocityLimit & { seen: number })[]> {
  const given = `jsonb_to_recordset($2::jsonb) as s(kind text, "valueHash" text)`
  await sql(
    `insert into fraud_signals (merchant_id, kind, value_hash, order_id) select $1, kind, "valueHash", $3 from ${given} on conflict do nothing`,
    [merchantId, JSON.stringify(signals), orderId],
  )
  return sql(
    `select l.kind, l.orders, l.seconds,
      (select count(*) from fraud_signals f where f.merchant_id = $1 and f.kind = s.kind and f.value_hash = s."valueHash"
        and (f.order_id = $3 or f.at > now() - make_interval(secs => l.seconds))) as seen
     from ${given} join jsonb_to_recordset($4::jsonb) as l(kind text, orders int, seconds int) on l.kind = s.kind`,
    [merchantId, JSON.stringify(signals), orderId, JSON.stringify(limits)],
  )
}

/** Removes signals that no window counts any more. Returns how many at most 10 000 were. */
export async function purgeSignals({ database, config }: { database: Database; config: Config }): Promise<number> {
  const longest = Math.max(0, ...readVelocityLimits(config.velocityLimits).map(({ seconds }) => seconds))
  const gone = await database.sql(
    `delete from fraud_signals where (merchant_id, kind, value_hash, order_id) in (
       select merchant_id, kind, value_hash, order_id from fraud_signals where at < now() - make_interval(secs => $1) order by at limit 10000
     ) returning order_id`,
    [longest],
  )
  return gone.length
}
