import type Stripe from 'stripe'
import type { DisputeEvidence, EvidenceFile, EvidenceText } from '../dispute-evidence.ts'
import type { StripeClient } from './stripe-client.ts'

type Evidence = Stripe.DisputeUpdateParams.Evidence

const texts: Record<EvidenceText, keyof Evidence> = {
  accessLog: 'access_activity_log',
  billingAddress: 'billing_address',
  cancellationRebuttal: 'cancellation_rebuttal',
  customerEmail: 'customer_email_address',
  customerIp: 'customer_purchase_ip',
  customerName: 'customer_name',
  productDescription: 'product_description',
  refundPolicy: 'refund_policy_disclosure',
  refundRefusal: 'refund_refusal_explanation',
  serviceDate: 'service_date',
  shippingAddress: 'shipping_address',
  shippingCarrier: 'shipping_carrier',
  shippingDate: 'shipping_date',
  trackingNumber: 'shipping_tracking_number',
  other: 'uncategorized_text',
}

const files: Record<EvidenceFile, keyof Evidence> = {
  cancellationPolicy: 'cancellation_policy',
  customerCommunication: 'customer_communication',
  customerSignature: 'customer_signature',
  receipt: 'receipt',
  refundPolicy: 'refund_policy',
  serviceDocumentation: 'service_documentation',
  shippingDocumentation: 'shipping_documentation',
  other: 'uncategorized_file',
}

/**
 * Uploads the files of evidence and sends all of it to the buyer's bank, which takes it once. Asking again while it is not sent says the
 * same. https://docs.stripe.com/disputes/api
 * @throws ProviderError
 */
export async function submitEvidence(
  { call }: Pick<StripeClient, 'call'>,
  dispute: string,
  { texts: said, files: shown }: DisputeEvidence,
): Promise<void> {
  const evidence: Record<string, string> = {}
  for (const [name, text] of Object.entries(said)) evidence[texts[name as EvidenceText]] = text
  for (const { kind, name, contentType: type, content } of shown) {
    const params = { purpose: 'dispute_evidence' as const, file: { data: Buffer.from(content), name, type } }
    const uploaded = await call('file', (client) => client.files.create(params))
    evidence[files[kind]] = uploaded.id
  }
  await call('dispute', (client) => client.disputes.update(dispute, { evidence, submit: true }))
}
