import type { Person } from './screen-order.ts'

type Named = {
  name?: string | null | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  organization?: string | null | undefined
  address?: object | null | undefined
}

/** Everybody a party or the owner of a means of payment names: the person and the company, at the same address. */
export function peopleOf(party: Named | null | undefined): Person[] {
  if (!party) return []
  const person = party.name ?? [party.firstName, party.lastName].filter(Boolean).join(' ')
  const address = (party.address ?? null) as Person['address']
  return [person, party.organization].flatMap((name) => (name ? [{ name, address }] : []))
}
