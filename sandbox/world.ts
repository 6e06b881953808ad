import { Books } from './books.ts'
import { EventLog } from './event-log.ts'
import { Faults } from './faults.ts'
import { type MintId, mintIds } from './ids.ts'
import { bonumSignature, easypostSignature, printfulSignature, stripeSignature } from './signatures.ts'
import { Store } from './store.ts'
import { WebhookSender } from './webhook-sender.ts'
import { type EnabledEvents, WebhookSettings } from './webhook-settings.ts'

export type Secrets = { stripe: string; easypost: string; printful: string; bonum: string }

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
  secrets: Secrets
  webhookTarget: string | undefined
  enabledEvents?: EnabledEvents | undefined
  snapshotFile: string | undefined
  baseUrl: () => string
}): World {
  const { secrets, webhookTarget, enabledEvents, snapshotFile, baseUrl } = options
  const store = new Store(snapshotFile)
  const events = new EventLog(store)
  const settings = new WebhookSettings(webhookTarget, enabledEvents)
  const webhooks = new WebhookSender(settings, events, (provider, body) => {
    switch (provider) {
      case 'stripe':
        return stripeSignature(secrets.stripe, body, unixNow())
      case 'easypost':
        return easypostSignature(secrets.easypost, body)
      case 'printful':
        return printfulSignature(secrets.printful, body)
      case 'bonum':
        return bonumSignature(secrets.bonum, body)
    }
  })
  return {
    store,
    books: new Books(store),
    faults: new Faults(),
    events,
    settings,
    webhooks,
    mintId: mintIds(),
    baseUrl,
  }
}
