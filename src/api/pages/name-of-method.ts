import { brandOfMethod, isHosted } from '../../providers/payment-methods.ts'

/** What a buyer has to expect of a way to pay. */
export const hintOfMethod = (method: string): string =>
  isHosted(method) ? 'You leave this site to pay, and come back.' : 'You pay on this site.'

/** A way to pay, as buyers and sellers call it; a method that nobody knows is called what it is. */
export const nameOfMethod = (method: string): string => (isHosted(method) ? (brandOfMethod(method) ?? method) : 'Card')
