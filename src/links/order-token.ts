import { createHash, randomBytes } from 'node:crypto'
import type { Config } from '../platform/config.ts'
import { createSigner } from '../platform/signing.ts'

/**
 * What a buyer's browser holds, so that the order it has begun is given back to it and to nobody else. Only tokens that were made
 * here count: one that a page or a person chooses could be chosen twice.
 */
export type OrderTokens = {
  /** The first of these that was made here, or a new one. */
  take(...given: (string | undefined)[]): string
}

export function createOrderTokens(config: Pick<Config, 'signingSecret' | 'dataDir'>): OrderTokens {
  const signer = createSigner(config, 'order of a link')
  const known = (token: string | undefined) => token !== undefined && signer.open(token) !== undefined
  return { take: (...given) => given.find(known) ?? signer.sign(randomBytes(16).toString('base64url')) }
}

/** A token as it stands in the database, where it opens nothing. */
export const orderTokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url')
