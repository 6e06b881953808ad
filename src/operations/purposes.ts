import type { OperationKind } from './operation.entity.ts'

/**
 * What an operation is for: `purpose` names it once and for all, and the columns say the same to whoever asks. Both are made here, so that
 * they cannot disagree, and nobody takes a purpose apart. Operations' ids, which providers know as idempotency keys, follow from purposes:
 * one must never be put differently.
 */
export type Purpose = {
  purpose: string
  kind: OperationKind
  chargeId?: string
  /** The split that a transfer is for. */
  splitId?: string
  /** The refund of a charge that its money, or a share of it, goes back for. */
  entryId?: string
  /** The parcel or print job that is bought or called off. */
  shipmentId?: string
  /** The transfer that is taken back, or the reversal whose money is transferred again. */
  reversesId?: string
  /** Whether a capture is the last one, of a charge that can be captured in parts. */
  final?: boolean | undefined
}

export const authorizationOf = (chargeId: string) =>
  ({ kind: 'authorize', purpose: `${chargeId}-authorize`, chargeId }) satisfies Purpose

/** The capture of a charge as a whole. */
export const captureOf = (chargeId: string) =>
  ({ kind: 'capture', purpose: `${chargeId}-capture`, chargeId }) satisfies Purpose

/** The n-th capture of a charge, for pieces that were handed over. `final` is not said of a charge that is captured once only. */
export const nthCaptureOf = (chargeId: string, nth: number, final: boolean | undefined) =>
  ({
    kind: 'capture',
    purpose: `${chargeId}-capture-${nth}${final ? '-final' : ''}`,
    chargeId,
    final,
  }) satisfies Purpose

/** A capture that somebody made at the provider, by how much was captured with it in all. */
export const foundCaptureOf = (chargeId: string, capturedAmount: number) =>
  ({ kind: 'capture', purpose: `${chargeId}-capture-found-${capturedAmount}`, chargeId }) satisfies Purpose

export const cancellationOf = (chargeId: string) =>
  ({ kind: 'cancel', purpose: `${chargeId}-cancel`, chargeId }) satisfies Purpose

export const refundOf = (entryId: string) =>
  ({ kind: 'refund', purpose: `${entryId}-refund`, entryId }) satisfies Purpose

/** The transfer of a split, or of what one capture gives it. */
export const transferOf = (splitId: string, captureId?: string) =>
  ({
    kind: 'transfer',
    purpose: captureId === undefined ? `${splitId}-transfer` : `${splitId}-transfer-${captureId}`,
    splitId,
  }) satisfies Purpose

/** The transfer that makes a payout. */
export const payoutTransferOf = (payoutId: string) =>
  ({ kind: 'transfer', purpose: `${payoutId}-transfer` }) satisfies Purpose

/** The transfer of what was taken back for a refund that failed since. */
export const transferAgainOf = (splitId: string, reversalId: string) =>
  ({
    kind: 'transfer',
    purpose: `${splitId}-transfer-again-${reversalId}`,
    splitId,
    reversesId: reversalId,
  }) satisfies Purpose

/** What a refund takes back of a transfer. */
export const reversalOf = (transferId: string, entryId: string) =>
  ({
    kind: 'transfer_reversal',
    purpose: `${transferId}-reversal-${entryId}`,
    reversesId: transferId,
    entryId,
  }) satisfies Purpose

/** What somebody took back of a transfer at the provider, by the provider's reference. */
export const foundReversalOf = (transferId: string, reference: string) =>
  ({
    kind: 'transfer_reversal',
    purpose: `${transferId}-reversal-${reference}`,
    reversesId: transferId,
  }) satisfies Purpose

/** What was called off may be sent again, which is another purchase. */
const timesOf = (nth: number): string => (nth === 1 ? '' : `-${nth}`)

export const labelOf = (shipmentId: string, nth: number) =>
  ({ kind: 'label', purpose: `${shipmentId}-label${timesOf(nth)}`, shipmentId }) satisfies Purpose

export const printJobOf = (shipmentId: string, nth: number) =>
  ({ kind: 'pod_order', purpose: `${shipmentId}-order${timesOf(nth)}`, shipmentId }) satisfies Purpose

export const recallKinds = ['label_refund', 'pod_cancel'] as const satisfies OperationKind[]

export const recallOf = (shipmentId: string, path: 'shipping' | 'pod', nth: number) =>
  ({
    kind: path === 'pod' ? 'pod_cancel' : 'label_refund',
    purpose: `${shipmentId}-recall${timesOf(nth)}`,
    shipmentId,
  }) satisfies Purpose
