import type { StartedPayment } from '../../../confirmation/start-payment.ts'
import type { Config } from '../../../platform/config.ts'
import { ApiError } from '../../../platform/errors.ts'

type Settings = Pick<Config, 'sandboxUrl' | 'stripe' | 'publicUrl'>

/** Stripe's publishable key, where its real form can be shown. */
export const elementKey = ({ sandboxUrl, stripe }: Settings): string | undefined =>
  !sandboxUrl && stripe?.publishableKey?.startsWith('pk_') ? stripe.publishableKey : undefined

/**
 * Where a buyer goes to pay: the provider's page, the sandbox's, or our page with Stripe's form.
 * @throws ApiError `payment_method_unavailable` when Stripe has no publishable key here
 */
export function payAddress(config: Settings, slug: string, payment: StartedPayment): string {
  if (payment.checkoutUrl) return payment.checkoutUrl
  const page = `/c/${slug}/order/${payment.orderId}`
  if (config.sandboxUrl && payment.clientSecret) {
    const address = new URL(`/pay/${payment.clientSecret.split('_secret_')[0]}`, config.sandboxUrl)
    address.searchParams.set('client_secret', payment.clientSecret)
    address.searchParams.set('return_url', `${config.publicUrl}${page}`)
    return address.href
  }
  if (elementKey(config)) return `${page}/pay`
  throw new ApiError('payment_method_unavailable', { parameter: 'method' })
}

/** Where the pay button's form may lead: browsers hold the redirects of a form to the policy of its page. */
export const payOrigins = ({ sandboxUrl }: Settings, hosted: boolean): string[] => [
  ...(sandboxUrl ? [new URL(sandboxUrl).origin] : []),
  ...(hosted ? ['https:'] : []),
]
