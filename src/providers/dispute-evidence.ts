/** What of evidence is said in words. */
export const evidenceTexts = [
  'accessLog',
  'billingAddress',
  'cancellationRebuttal',
  'customerEmail',
  'customerIp',
  'customerName',
  'productDescription',
  'refundPolicy',
  'refundRefusal',
  'serviceDate',
  'shippingAddress',
  'shippingCarrier',
  'shippingDate',
  'trackingNumber',
  'other',
] as const
export type EvidenceText = (typeof evidenceTexts)[number]

/** What of evidence is shown by a file. */
export const evidenceFiles = [
  'cancellationPolicy',
  'customerCommunication',
  'customerSignature',
  'receipt',
  'refundPolicy',
  'serviceDocumentation',
  'shippingDocumentation',
  'other',
] as const
export type EvidenceFile = (typeof evidenceFiles)[number]

/** What a buyer's bank is told about a dispute. */
export type DisputeEvidence = {
  texts: Partial<Record<EvidenceText, string>>
  files: readonly { kind: EvidenceFile; name: string; contentType: string; content: Uint8Array }[]
}
