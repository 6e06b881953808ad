import { z } from 'zod'
import { ProviderError } from '../../platform/provider-error.ts'
import type { DisputeEvidence, EvidenceText } from '../dispute-evidence.ts'
import type { SeenDispute } from '../observations.ts'
import { fromPayPal } from './paypal-amounts.ts'
import type { PayPalClient } from './paypal-client.ts'
import { disputeShape, type PayPalDispute } from './paypal-shapes.ts'

const sellerKeeps: ReadonlySet<string> = new Set([
  'RESOLVED_SELLER_FAVOUR',
  // PayPal pays the buyer out of its own pocket.
  'RESOLVED_WITH_PAYOUT',
  'CANCELED_BY_BUYER',
  'DENIED',
])
const buyerGets: ReadonlySet<string> = new Set(['RESOLVED_BUYER_FAVOUR', 'ACCEPTED'])
const ourTurn: ReadonlySet<string> = new Set(['OPEN', 'WAITING_FOR_SELLER_RESPONSE'])
const theirTurn: ReadonlySet<string> = new Set(['UNDER_REVIEW', 'WAITING_FOR_BUYER_RESPONSE', 'OTHER'])

/** In the words of our disputes. What PayPal says in words of its own that nobody knows is left as it is: a person has to look. */
function stateOf({ status, dispute_life_cycle_stage: stage, dispute_outcome: outcome }: PayPalDispute): string {
  const warning = stage === 'INQUIRY' ? 'warning_' : ''
  if (ourTurn.has(status)) return `${warning}needs_response`
  if (theirTurn.has(status)) return `${warning}under_review`
  const code = outcome?.outcome_code ?? ''
  if (status === 'RESOLVED' && sellerKeeps.has(code)) return warning ? 'warning_closed' : 'won'
  if (status === 'RESOLVED' && buyerGets.has(code)) return 'lost'
  return `${status} ${code}`.trim().toLowerCase()
}

/** What PayPal says of a dispute. */
export function observeDispute(dispute: PayPalDispute): SeenDispute {
  const { dispute_id: reference, dispute_amount: amount, reason, seller_response_due_date: due } = dispute
  const dueAt = new Date(due ?? Number.NaN)
  return {
    kind: 'dispute',
    reference,
    state: stateOf(dispute),
    amount: amount && fromPayPal(amount),
    reason: reason?.toLowerCase(),
    ...(Number.isNaN(dueAt.getTime()) ? {} : { evidenceDueAt: dueAt }),
  }
}

const listShape = z.looseObject({ items: z.array(z.looseObject({ dispute_id: z.string().max(64) })).default([]) })

const pathOf = (dispute: string) => `/v1/customer/disputes/${encodeURIComponent(dispute)}`

/**
 * The disputes of one capture, oldest first; undefined where our account may not read them, which PayPal grants apart.
 * @throws ProviderError
 */
export async function disputesOf(client: PayPalClient, captureId: string): Promise<SeenDispute[] | undefined> {
  try {
    const query = new URLSearchParams({ disputed_transaction_id: captureId })
    const { items } = await client.call({ method: 'GET', path: `/v1/customer/disputes?${query}`, answer: listShape })
    const disputes: SeenDispute[] = []
    for (const { dispute_id: id } of items.toReversed())
      disputes.push(observeDispute(await client.call({ method: 'GET', path: pathOf(id), answer: disputeShape })))
    return disputes
  } catch (error) {
    if (error instanceof ProviderError && (error.code === 'http_403' || error.outcome === 'refused')) return undefined
    throw error
  }
}

/** How evidence is called in front of the notes that it stands in. */
const titles: Record<EvidenceText, string> = {
  accessLog: 'Access log',
  billingAddress: 'Billing address',
  cancellationRebuttal: 'On the cancellation',
  customerEmail: 'Customer’s email',
  customerIp: 'Customer’s IP address',
  customerName: 'Customer',
  productDescription: 'Goods',
  refundPolicy: 'Refund policy',
  refundRefusal: 'Why there was no refund',
  serviceDate: 'Date of the service',
  shippingAddress: 'Shipping address',
  shippingCarrier: 'Carrier',
  shippingDate: 'Shipped',
  trackingNumber: 'Tracking number',
  other: 'Further',
}

const longestNotes = 2_000

/** The evidence in PayPal's form: a parcel is a proof of fulfilment, everything else stands in the notes. */
function evidencesOf({ trackingNumber, ...texts }: DisputeEvidence['texts']): object[] {
  const said = Object.entries(texts).map(([name, text]) => `${titles[name as EvidenceText]}: ${text}`)
  const notes = said.join('\n').slice(0, longestNotes)
  const [number] = (trackingNumber ?? '').split(', ')
  const tracking = {
    carrier_name: 'OTHER',
    carrier_name_other: texts.shippingCarrier ?? 'carrier',
    tracking_number: number,
  }
  const proof = {
    evidence_type: 'PROOF_OF_FULFILLMENT',
    evidence_info: { tracking_info: [tracking] },
    ...(notes ? { notes } : {}),
  }
  return number ? [proof] : [{ evidence_type: 'OTHER', notes: notes || 'See the documents.' }]
}

/**
 * Sends evidence to PayPal, which decides. It is taken while PayPal waits for the seller.
 * https://developer.paypal.com/docs/api/customer-disputes/v1/#disputes_provide-evidence
 * @throws ProviderError
 */
export async function submitEvidence(client: PayPalClient, dispute: string, evidence: DisputeEvidence): Promise<void> {
  const form = new FormData()
  const input = JSON.stringify({ evidences: evidencesOf(evidence.texts) })
  form.append('input', new Blob([input], { type: 'application/json' }))
  for (const [at, { name, contentType, content }] of evidence.files.entries())
    form.append(`file${at + 1}`, new Blob([Uint8Array.from(content)], { type: contentType }), name)
  const written = new Response(form)
  await client.call({
    method: 'POST',
    path: `${pathOf(dispute)}/provide-evidence`,
    encoded: {
      type: written.headers.get('content-type') ?? 'multipart/form-data',
      content: new Uint8Array(await written.arrayBuffer()),
    },
    answer: z.looseObject({}),
  })
}
