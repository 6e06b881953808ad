import type { Sql } from '../database/database.ts'
import type { FraudState } from '../orders/order.state-machine.ts'
import type { Finding } from './screen-order.ts'

type Store = { sql: Sql }

/** A stored finding; `at` as the driver returns it. */
export type StoredFinding = Omit<Finding, 'score'> & { score: number | null; at: string | Date }

/** Keeps what the judges found about an order; the same finding again is one row. */
export async function storeFindings({ sql }: Store, orderId: string, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return
  await sql(
    `insert into fraud_findings (order_id, judge, reason, outcome, score)
     select $1, judge, reason, outcome, score from jsonb_to_recordset($2::jsonb) as f(judge text, reason text, outcome text, score float8)
     on conflict (order_id, judge, reason) do update set outcome = excluded.outcome, score = excluded.score, at = now()`,
    [orderId, JSON.stringify(findings)],
  )
}

/** Keeps one finding, in the transaction that acts on it. */
export async function storeFinding(tx: Store, orderId: string, finding: Finding): Promise<void> {
  await storeFindings(tx, orderId, [finding])
}

/** What the judges found about a merchant's order, oldest first, with its fraud state; undefined for orders of others and for drafts (I11). */
export async function readFindings(
  { sql }: Store,
  { orderId, merchantId }: { orderId: string; merchantId: string },
): Promise<{ fraudState: FraudState; findings: StoredFinding[] } | undefined> {
  const [order] = await sql<{ fraudState: FraudState; findings: StoredFinding[] }>(
    `select coalesce(o.fraud_state, 'none') as "fraudState",
       (select coalesce(json_agg(json_build_object('judge', f.judge, 'outcome', f.outcome, 'reason', f.reason, 'score', f.score, 'at', f.at)
          order by f.at, f.judge), '[]') from fraud_findings f where f.order_id = o.id) as findings
     from orders o where o.id = $1 and o.merchant_id = $2 and not o.draft`,
    [orderId, merchantId],
  )
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
