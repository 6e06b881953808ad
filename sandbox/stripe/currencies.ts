/** Stripe's zero-decimal currencies. ISK and UGX are not among them: there Stripe still counts in hundredths. */
const zeroDecimal = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const threeDecimal = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd'])
const wholeUnitsOnly = new Set(['isk', 'ugx'])

/** How many decimals Stripe's integer amounts carry; for ISK and UGX that is 2, whatever ISO 4217 says. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (zeroDecimal.has(currency)) return 0
  return threeDecimal.has(currency) ? 3 : 2
}

/** The step in which amounts may be charged: whole units of ISK and UGX, tens of the three-decimal currencies. */
export function chargeStep(currency: string): 1 | 10 | 100 {
  if (wholeUnitsOnly.has(currency)) return 100
  return threeDecimal.has(currency) ? 10 : 1
}
