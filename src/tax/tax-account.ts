import type { Place } from './places.ts'

/** Countries whose states or provinces tax sales themselves. */
const withRegions = new Set(['US', 'CA'])

/** The account of what a selling entity owes to the authority of a place, such as `tax:ORDERMILL_US:US-CA`. */
export function taxAccount(sellingEntityId: string, { country, state }: Place): string {
  const region = withRegions.has(country) && state && /^[A-Z]{2}$/.test(state) ? `-${state}` : ''
  return `tax:${sellingEntityId}:${country}${region}`
}
