import { brandOfMethod, isHosted } from '../../providers/payment-methods.ts'

/** A way to pay, as buyers and sellers call it; a method that nobody knows is called what it is. */
export const nameOfMethod = (method: string): string => (isHosted(method) ? (brandOfMethod(method) ?? method) : 'Card')
