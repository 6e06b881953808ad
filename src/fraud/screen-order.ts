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
  people: readonly { name: string | null; address: Record<string, string> | null }[]
}

/** What one judge found. */
export type Finding = { judge: string; outcome: 'passed' | 'review' | 'blocked'; reason: string; score?: number }

/** The sternest finding decides. */
export type ScreenVerdict = { outcome: 'passed' | 'review' | 'blocked'; findings: Finding[] }

export type FraudScreen = { screen(input: ScreenInput): Promise<ScreenVerdict> }
