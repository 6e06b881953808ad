import type { ProviderConnection } from '../provider-entry.ts'

export type TelrSettings = {
  store: string
  /** For orders. */
  authKey: string
  /** For what follows them: captures, voids, refunds. */
  remoteKey: string | undefined
  /** Of the service API, in which transactions are looked up. */
  service: { merchant: string; key: string } | undefined
  webhookSecrets: readonly string[]
  apiBase: string
  test: boolean
  /** After so long, what Telr does not show of a call without an answer has not taken place. */
  certainAfterMs: number
}

/** What every call to Telr needs. */
export type TelrConnection = { settings: TelrSettings } & Pick<ProviderConnection, 'timeoutMs' | 'breaker'>
