/** A hold on a buyer's money and what was decided about the pieces it is for. Minor units. */
export type Hold = {
  /** The provider takes several captures of it. */
  multicapture: boolean
  captured: number
  /** Fulfilled pieces whose money is not taken yet. */
  toCapture: number
  /** Some pieces are neither fulfilled nor cancelled. */
  open: boolean
  /** Close to the moment at which it lapses. */
  lapsing: boolean
  /** What remains of it can be authorized anew. */
  renewable: boolean
}

export type SettlementStep =
  | { action: 'none' }
  | { action: 'cancel' }
  /** `final` releases what is left; undefined where the provider takes one capture only, which does so by itself. */
  | { action: 'capture'; amount: number; final: boolean | undefined }

/**
 * What is to be asked of the provider next. Several captures are made as pieces are fulfilled. Where only one is taken it waits until
 * every piece is decided or the hold is about to lapse.
 */
export function planSettlement({ multicapture, captured, toCapture, open, lapsing, renewable }: Hold): SettlementStep {
  const none = { action: 'none' } as const
  if (!open) {
    if (toCapture === 0 && captured === 0) return { action: 'cancel' }
    return { action: 'capture', amount: toCapture, final: multicapture ? true : undefined }
  }
  if (!multicapture) return lapsing && toCapture > 0 ? { action: 'capture', amount: toCapture, final: undefined } : none
  if (lapsing && renewable && captured + toCapture > 0) return { action: 'capture', amount: toCapture, final: true }
  return toCapture > 0 ? { action: 'capture', amount: toCapture, final: false } : none
}
