import type { Party } from '../parties/address.ts'
import type { Payer } from './source-payments.ts'

/** Whom a means of payment belongs to, in Digital River's field names. */
export type SourceOwner = {
  firstName?: string | undefined
  lastName?: string | undefined
  email?: string | undefined
  organization?: string | undefined
  address?: Party['address']
}

/** A provider's payer as the owner of a source, or null where nothing is known; the last word of a name counts as the family's. */
export function sourceOwner(payer: Partial<Payer> | undefined): SourceOwner | null {
  const { name, email, address } = payer ?? {}
  const words = name?.trim().split(/\s+/) ?? []
  const lastName = words.length > 1 ? words.pop() : undefined
  const firstName = words.join(' ')
  const owner: SourceOwner = {
    ...(firstName ? { firstName } : {}),
    ...(lastName ? { lastName } : {}),
    ...(email ? { email } : {}),
    ...(address?.country ? { address: { ...address, country: address.country } } : {}),
  }
  return Object.keys(owner).length > 0 ? owner : null
}
