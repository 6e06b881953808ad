import type { Config } from '../platform/config.ts'
import { createSigner } from '../platform/signing.ts'

/** Where the buyer of a cart's order finds it again: an address that nobody can guess, also who knows the order's id. */
export type OrderPages = {
  addressOf(orderId: string): string
  /** The order that an address is of; undefined for one that was not made here. */
  open(token: string): string | undefined
}

export function createOrderPages(config: Pick<Config, 'signingSecret' | 'dataDir' | 'publicUrl'>): OrderPages {
  const signer = createSigner(config, 'page of an order')
  return {
    addressOf: (orderId) => `${config.publicUrl.replace(/\/+$/, '')}/o/${signer.sign(orderId)}`,
    open: (token) => signer.open(token),
  }
}
