import { type ProviderName, providerEntries, type registry } from './registry.ts'

export type PaymentMethod = (typeof registry)[ProviderName]['method']

/** The API lists these first, in this order; later ones follow in the order of the registry. */
const listedFirst: readonly PaymentMethod[] = ['STRIPE', 'PAYPAL', 'CRYPTO', 'BONUM', 'TELR']

/** Every method that a storefront may ask for. */
export const paymentMethods = [...new Set([...listedFirst, ...providerEntries.map(({ method }) => method)])] as [
  PaymentMethod,
  ...PaymentMethod[],
]

const entryOf = (method: string) => providerEntries.find((entry) => entry.method === method)

/** Whether its buyers leave for the provider's page to pay. */
export const isHosted = (method: string): boolean => entryOf(method)?.form !== 'card'

/** What buyers and sellers call a method; undefined for paying by card, which has a word in each language. */
export function brandOfMethod(method: string): string | undefined {
  if (!isHosted(method)) return undefined
  return entryOf(method)?.name
}
