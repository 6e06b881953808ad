import type { System } from './system.ts'

export type CapturedCharge = {
  id: string
  orderId: string
  /** The provider's id of the payment. */
  reference: string
  /** Minor units. */
  amount: number
  /** When it was captured, ISO 8601. */
  at: string
}

/** Stores payments that were captured at a provider, each of an order of its own, as if each had gone through its checkout. */
export async function storeCaptured(
  { database: { sql } }: Pick<System, 'database'>,
  payments: { provider: string; method: string; currency: string },
  charges: readonly CapturedCharge[],
): Promise<void> {
  const rows = `jsonb_to_recordset($1) as c (id text, "orderId" text, reference text, amount bigint, at timestamptz)`
  const { provider, method, currency } = payments
  await sql(
    `insert into orders (id, merchant_id, checkout_id, state, state_transitions, fraud_state_transitions, currency, email,
       subtotal, total_shipping, total_amount, metadata, live_mode, created_at)
     select c."orderId", m.id, gen_random_uuid(), 'accepted', '{}', '{}', $2, 'ada@example.com', c.amount, 0, c.amount, '{}', false, c.at
     from ${rows}, (select id from merchants order by created_at limit 1) m`,
    [JSON.stringify(charges), currency],
  )
  await sql(
    `insert into charges (id, order_id, method, provider, provider_reference, provider_charge_id, currency, amount, captured_amount, state,
       state_transitions, created_at)
     select c.id, c."orderId", $2, $3, c.reference, c.reference, $4, c.amount, c.amount, 'complete', '{}', c.at from ${rows}`,
    [JSON.stringify(charges), method, provider, currency],
  )
  await sql(
    `insert into ledger_entries (correlation_key, order_id, account, amount, currency, created_at)
     select c.id || '-capture', c."orderId", way.account, way.sign * c.amount, $3, c.at from ${rows}
     cross join lateral (values ('provider:' || $2, -1), ('charge:' || c.id, 1)) way (account, sign)`,
    [JSON.stringify(charges), provider, currency],
  )
}
