import type { StartedPayment } from '../../../confirmation/start-payment.ts'
import type { Config } from '../../../platform/config.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { CardForm } from '../../../providers/provider.ts'
import type { PaymentProviders } from '../../../providers/providers.ts'
import { providerEntries } from '../../../providers/registry.ts'

type Parts = { config: Pick<Config, 'sandboxUrl' | 'publicUrl' | 'providerVariables'>; providers: PaymentProviders }

/** Whether the sandbox plays who takes cards: with a real key it may play the others only. */
export const cardsArePlayed = ({ sandboxUrl, providerVariables }: Pick<Config, 'sandboxUrl' | 'providerVariables'>) =>
  sandboxUrl !== undefined &&
  providerEntries
    .filter(({ form }) => form === 'card')
    .flatMap((entry) => Object.entries(entry.sandbox(sandboxUrl)))
    .every(([name, value]) => !value.startsWith(sandboxUrl) || providerVariables[name] === value)

/** The card form of our own page; where the sandbox plays, buyers go to its page. */
export const cardForm = ({ config, providers }: Parts): CardForm | undefined =>
  cardsArePlayed(config) ? undefined : [...providers.values()].find((provider) => provider.cardForm)?.cardForm

/**
 * Where a buyer goes to pay: the provider's page, the sandbox's, or our page with the card form.
 * @throws ApiError `payment_method_unavailable` when there is no publishable key for it here
 */
export function payAddress(parts: Parts, slug: string, payment: StartedPayment): string {
  const { config } = parts
  if (payment.checkoutUrl) return payment.checkoutUrl
  const page = `/c/${slug}/order/${payment.orderId}`
  if (config.sandboxUrl && cardsArePlayed(config) && payment.clientSecret) {
    const address = new URL(`/pay/${payment.clientSecret.split('_secret_')[0]}`, config.sandboxUrl)
    address.searchParams.set('client_secret', payment.clientSecret)
    address.searchParams.set('return_url', `${config.publicUrl}${page}`)
    return address.href
  }
  if (cardForm(parts)) return `${page}/pay`
  throw new ApiError('payment_method_unavailable', { parameter: 'method' })
}

/** Where the pay button's form may lead: browsers hold the redirects of a form to the policy of its page. */
export const payOrigins = ({ sandboxUrl }: Pick<Config, 'sandboxUrl'>, hosted: boolean): string[] => [
  ...(sandboxUrl ? [new URL(sandboxUrl).origin] : []),
  ...(hosted ? ['https:'] : []),
]
