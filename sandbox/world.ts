import { Books, type Provider } from './books.ts'
import { EventLog } from './event-log.ts'
import { Faults } from './faults.ts'
import { type MintId, mintIds } from './ids.ts'
import { setAside, takeOver } from './old-snapshot.ts'
import { Store } from './store.ts'
import { WebhookSender } from './webhook-sender.ts'
import { type EnabledEvents, WebhookSettings } from './webhook-settings.ts'

/** What a world has to know of a provider that is played in it. */
export type Played = {
  /** The kinds of effects in its books; the table `<provider>.<kind>` holds the objects. */
  kinds: readonly string[]
  /** What it signs webhooks with where nobody says otherwise: published, and nothing that a real deployment ever sees. */
  secret: string
  /** The headers that sign a webhook, one of which may say that it is no JSON; `baseUrl` is the sandbox's own address. */
  sign(secret: string, body: string, baseUrl: string): Record<string, string>
  /** The body as it is sent, of a provider that signs in the body itself. */
  seal?(secret: string, body: string): string
}

/** What webhooks are signed with, by provider. */
export type Secrets = Readonly<Record<Provider, string>>

/** What the providers share: one per running sandbox, so that several can live in one process. */
export type World = {
  store: Store
  books: Books
  faults: Faults
  events: EventLog
  settings: WebhookSettings
  webhooks: WebhookSender
  mintId: MintId
  /** The sandbox's own address, known once it listens. */
  baseUrl: () => string
}

/** Now, in the seconds that Stripe and Printful count in. */
export const unixNow = () => Math.floor(Date.now() / 1_000)

/** Puts a world together. */
export function createWorld(options: {
  played: Readonly<Record<Provider, Played>>
  secrets?: Secrets | undefined
  webhookTarget: string | undefined
  enabledEvents?: EnabledEvents | undefined
  databaseFile: string | undefined
  baseUrl: () => string
}): World {
  const { played, secrets = {}, webhookTarget, enabledEvents, databaseFile, baseUrl } = options
  const snapshot = databaseFile === undefined ? undefined : setAside(databaseFile)
  const store = new Store(databaseFile)
  const events = new EventLog(store)
  const settings = new WebhookSettings(Object.keys(played), webhookTarget, enabledEvents)
  const webhooks = new WebhookSender(settings, events, (provider, body) => {
    const { secret, sign, seal } = played[provider] ?? unplayed(provider)
    const key = secrets[provider] ?? secret
    return { headers: sign(key, body, baseUrl()), body: seal?.(key, body) ?? body }
  })
  const kinds = Object.fromEntries(Object.entries(played).map(([provider, { kinds }]) => [provider, kinds]))
  const books = new Books(store, kinds)
  if (snapshot !== undefined) takeOver(snapshot, { store, books, events })
  return {
    store,
    books,
    faults: new Faults(),
    events,
    settings,
    webhooks,
    mintId: mintIds(),
    baseUrl,
  }
}

function unplayed(provider: Provider): never {
  throw new Error(`the sandbox does not play ${provider}`)
}
