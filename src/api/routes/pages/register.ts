import { Hono } from 'hono'
import { createSecretBox } from '../../../outgoing/endpoint-secret.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { registerAssets } from './assets.ts'
import { registerBalance } from './balance.ts'
import { registerBuyerOrder } from './buyer-order.ts'
import { registerCheckout } from './checkout.ts'
import { requireMember } from './dashboard-session.ts'
import { registerEndpoints } from './endpoints.ts'
import { registerFilePages } from './files.ts'
import { registerKeys } from './keys.ts'
import { registerLicenceKeys } from './licence-keys.ts'
import { registerLinks } from './links.ts'
import { registerMerchantAccess } from './merchant-access.ts'
import { registerOperatorPages } from './operators.ts'
import { registerOrderActions } from './order-actions.ts'
import { registerOrders } from './orders.ts'
import type { PageEnv, PageParts } from './page-app.ts'
import { handlePageErrors } from './page-errors.ts'
import { registerPeople } from './people.ts'
import { registerProducts } from './products.ts'
import { registerRevenue } from './revenue.ts'
import { registerSignIn } from './sign-in.ts'

/**
 * Everything a buyer or a seller sees in a browser: `/c/…` for buyers, `/dashboard/…` for sellers. Pages are drawn here on
 * the server and work without JavaScript; whatever goes wrong on them is answered with a page.
 */
export function registerPages(app: ApiApp, apiParts: ApiParts): void {
  const parts: PageParts = {
    ...apiParts,
    secrets: createSecretBox(apiParts.config),
  }
  const pages = new Hono<PageEnv>()
  pages.onError(handlePageErrors(parts.log))

  for (const path of ['/assets/*', '/c/*']) pages.use(path, openToAnyone)
  registerAssets(pages)
  registerCheckout(pages, parts)
  registerBuyerOrder(pages, parts)

  registerSignIn(pages, parts)
  pages.use('/dashboard/*', requireMember(parts))
  pages.get('/dashboard', (c) => c.redirect('/dashboard/orders', 302))
  registerOrders(pages, parts)
  registerOrderActions(pages, parts)
  registerProducts(pages, parts)
  registerLicenceKeys(pages, parts)
  registerLinks(pages, parts)
  registerFilePages(pages, parts)
  registerRevenue(pages, parts)
  registerBalance(pages, parts)
  registerEndpoints(pages, parts)
  registerKeys(pages, parts)
  registerPeople(pages, parts)

  registerMerchantAccess(pages, parts)
  registerOperatorPages(pages, parts)

  for (const path of ['/c/*', '/dashboard/*']) {
    pages.all(path, () => {
      throw new ApiError('not_found')
    })
  }
  app.route('/', pages)
}
