import type { Stripe } from 'stripe'
import { invalidParameter, missing } from './errors.ts'
import { type Params, text } from './params.ts'
import type { StripeState } from './state.ts'

type Evidence = Stripe.Dispute.Evidence

/** The fields that hold the id of an uploaded file; the others that may be sent are texts. */
const files: ReadonlySet<string> = new Set([
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
])

const longest = 20_000

export function noEvidence(): Evidence {
  return {
    access_activity_log: null,
    appeal: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null,
  }
}

/** The evidence after a request: sent fields are set, those sent empty are removed, the rest stays. */
export function mergedEvidence(state: StripeState, before: Evidence, sent: Params): Evidence {
  const changes = Object.keys(sent).map((name) => {
    const param = `evidence[${name}]`
    // The programmes of card networks and appeals are not played here.
    if (!Object.hasOwn(before, name) || name === 'appeal' || name === 'enhanced_evidence')
      throw invalidParameter(`Received unknown parameter: ${param}`, param, 'parameter_unknown')
    const value = text(sent, name) ?? null
    if (value !== null && value.length > longest)
      throw invalidParameter(`Invalid string: must be at most ${longest} characters`, param)
    if (value !== null && files.has(name)) requireFile(state, value, param)
    return [name, value]
  })
  return { ...before, ...Object.fromEntries(changes) }
}

/** Whether anything was said. */
export const isEvidence = (evidence: Evidence) => Object.values(evidence).some((value) => typeof value === 'string')

function requireFile(state: StripeState, id: string, param: string): void {
  const file = state.files.look(id)
  if (!file) throw missing('file upload', id, param)
  if (file.purpose === 'dispute_evidence' || file.purpose === 'customer_signature') return
  throw invalidParameter(`The file ${id} was not uploaded with the purpose dispute_evidence.`, param)
}
