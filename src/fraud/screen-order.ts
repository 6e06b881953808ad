/** What the judges of a fraud screen are told of an order. Amount in minor units. */
export type ScreenInput = {
  orderId: string
  merchantId: string
  email: string
  amount: number
  currency: string
  /** Of the card that is charged. */
  fingerprint: string | null
  ip: string | null
  /** Whoever is named on the order: billed and shipped to. */
  people: readonly Person[]
}

export type Person = { name: string | null; address: Record<string, string> | null }

/** What one judge found. `reason` is shown to the merchant and names no person; `score` is 0 to 1, the higher the worse. */
export type Finding = { judge: string; outcome: 'passed' | 'review' | 'blocked'; reason: string; score?: number }

/** The sternest finding decides. */
export type ScreenVerdict = { outcome: 'passed' | 'review' | 'blocked'; findings: Finding[] }

export type FraudScreen = { screen(input: ScreenInput): Promise<ScreenVerdict> }

const severity = { passed: 0, review: 1, blocked: 2 } as const satisfies Record<Finding['outcome'], number>

/** The outcome that wins; nothing found passes. */
export function sternest(findings: readonly Finding[]): Finding['outcome'] {
  return findings.reduce<Finding['outcome']>(
    (worst, { outcome }) => (severity[outcome] > severity[worst] ? outcome : worst),
    'passed',
  )
}
