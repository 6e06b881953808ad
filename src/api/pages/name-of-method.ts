import { brandOfMethod, isHosted } from '../../providers/payment-methods.ts'
import type { BuyerTexts } from './buyer/buyer-texts.ts'

/** What a buyer has to expect of a way to pay. */
export const hintOfMethod = (method: string, words: Pick<BuyerTexts, 'payHere' | 'payElsewhere'>): string =>
  isHosted(method) ? words.payElsewhere : words.payHere

/** A way to pay, as buyers and sellers call it; a method that nobody knows is called what it is. */
export const nameOfMethod = (method: string, card = 'Card'): string =>
  isHosted(method) ? (brandOfMethod(method) ?? method) : card
