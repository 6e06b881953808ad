import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Sql } from '../database/database.ts'
import { insertRows, jsonList, type NewRow, now, scalar, statement } from '../database/statement.ts'
import type { FraudState } from '../orders/order.state-machine.ts'
import type { Finding } from './screen-order.ts'

type Store = { sql: Sql }

/** A stored finding; `at` as the driver returns it. */
export type StoredFinding = Omit<Finding, 'score'> & { score: number | null; at: string | Date }

const upsert = statement<{ findings: NewRow<'fraud_findings'>[] }>()((_, $) =>
  insertRows('fraud_findings', $.findings).onConflict((conflict) =>
    conflict.columns(['order_id', 'judge', 'reason']).doUpdateSet((found) => ({
      outcome: found.ref('excluded.outcome'),
      score: found.ref('excluded.score'),
      at: now,
    })),
  ),
)

/** Keeps what the judges found about an order; the same finding again is one row. */
export async function storeFindings(on: Store, orderId: string, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return
  await upsert(on, {
    findings: findings.map(({ judge, reason, outcome, score }) => ({
      order_id: orderId,
      judge,
      reason,
      outcome,
      score: score ?? null,
    })),
  })
}

/** Keeps one finding, in the transaction that acts on it. */
export async function storeFinding(tx: Store, orderId: string, finding: Finding): Promise<void> {
  await storeFindings(tx, orderId, [finding])
}

const readOrder = statement<{ orderId: string; merchantId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select((o) => [
      o.fn.coalesce('o.fraud_state', sql.lit<FraudState>('none')).as('fraudState'),
      scalar(
        o
          .selectFrom('fraud_findings as f')
          .select((f) =>
            jsonList(
              jsonBuildObject({
                judge: f.ref('f.judge'),
                outcome: f.ref('f.outcome'),
                reason: f.ref('f.reason'),
                score: f.ref('f.score'),
                at: f.ref('f.at'),
              }),
              sql`${f.ref('f.at')}, ${f.ref('f.judge')}`,
            ).as('list'),
          )
          .whereRef('f.order_id', '=', 'o.id'),
      ).as('findings'),
    ])
    .where('o.id', '=', $.orderId)
    .where('o.merchant_id', '=', $.merchantId)
    .where('o.draft', '=', false),
)

/** What the judges found about a merchant's order, oldest first, with its fraud state; undefined for orders of others and for drafts. */
export async function readFindings(
  on: Store,
  { orderId, merchantId }: { orderId: string; merchantId: string },
): Promise<{ fraudState: FraudState; findings: StoredFinding[] } | undefined> {
  const [order] = await readOrder(on, { orderId, merchantId })
  return order
}

/** The part of a provider's report that is about fraud; a score there is 0 to 100. */
type ProviderOpinion = {
  risk?:
    | {
        level?: string | undefined
        score?: number | undefined
        outcome?: string | undefined
        reason?: string | undefined
      }
    | undefined
  inReview?: boolean | undefined
}

/**
 * What a payment provider thinks of a payment, as a finding; undefined where it did not say. Stripe's outcomes:
 * https://docs.stripe.com/api/charges/object#charge_object-outcome
 */
export function toProviderFinding(provider: string, { risk, inReview }: ProviderOpinion): Finding | undefined {
  if (!risk && !inReview) return undefined
  const held = inReview || risk?.outcome === 'manual_review'
  const words = [
    risk?.outcome ?? (held ? 'manual_review' : 'authorized'),
    risk?.reason,
    risk?.level && `risk ${risk.level}`,
  ]
  return {
    judge: provider,
    outcome: risk?.outcome === 'blocked' ? 'blocked' : held ? 'review' : 'passed',
    reason: words.filter(Boolean).join(', '),
    ...(risk?.score === undefined ? {} : { score: risk.score / 100 }),
  }
}
