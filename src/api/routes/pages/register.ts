import { Hono } from 'hono'
import { createEndpointSecrets } from '../../../outgoing/endpoint-secret.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { registerAccount } from './account.ts'
import { registerAssets } from './assets.ts'
import { registerBalance } from './balance.ts'
import { registerBrandPage } from './brand.ts'
import { registerBuyerOrder } from './buyer-order.ts'
import { registerCheckout } from './checkout.ts'
import { requireRights } from './dashboard-rights.ts'
import { requireMember } from './dashboard-session.ts'
import { registerDisputeEvidence } from './dispute-evidence.ts'
import { registerEndpoints } from './endpoints.ts'
import { registerFilePages } from './files.ts'
import { registerForgottenPassword } from './forgotten-password.ts'
import { registerGoods } from './goods.ts'
import { registerHome } from './home.ts'
import { registerKeys } from './keys.ts'
import { registerLicenceKeys } from './licence-keys.ts'
import { registerLinks } from './links.ts'
import { registerMerchantAccess } from './merchant-access.ts'
import { registerOperatorPages } from './operators.ts'
import { registerOrderActions } from './order-actions.ts'
import { registerOrderNotes } from './order-notes.ts'
import { registerOrderParcels } from './order-parcels.ts'
import { registerOrderRefund } from './order-refund.ts'
import { registerOrders } from './orders.ts'
import { registerBulk } from './orders-in-bulk.ts'
import type { PageEnv, PageParts } from './page-app.ts'
import { handlePageErrors } from './page-errors.ts'
import { registerPeople } from './people.ts'
import { registerPictures } from './pictures.ts'
import { registerPrints } from './prints.ts'
import { registerProducts } from './products.ts'
import { registerRevenue } from './revenue.ts'
import { registerSearch } from './search.ts'
import { registerSecondFactor } from './second-factor.ts'
import { registerSellingEntityPages } from './selling-entities.ts'
import { registerSignIn } from './sign-in.ts'
import { registerTaxRatePages } from './tax-rates.ts'
import { registerOffers } from './variant-offers.ts'
import { registerVariants } from './variants.ts'
import { registerWholeOrder } from './whole-order.ts'

/**
 * Everything a buyer or a seller sees in a browser: `/c/…` for buyers, `/dashboard/…` for sellers. Pages are drawn here on
 * the server and work without JavaScript; whatever goes wrong on them is answered with a page.
 */
export function registerPages(app: ApiApp, apiParts: ApiParts): void {
  const parts: PageParts = {
    ...apiParts,
    secrets: createEndpointSecrets(apiParts.config),
  }
  const pages = new Hono<PageEnv>()
  pages.onError(handlePageErrors(parts))

  for (const path of ['/assets/*', '/c/*', '/o', '/o/*', '/pictures/*']) pages.use(path, openToAnyone)
  registerAssets(pages)
  registerPictures(pages, parts)
  registerCheckout(pages, parts)
  registerBuyerOrder(pages, parts)
  registerWholeOrder(pages, parts)

  registerSignIn(pages, parts)
  registerForgottenPassword(pages, parts)
  pages.use('/dashboard/*', requireMember(parts))
  registerHome(pages, parts)
  registerSearch(pages, parts)
  registerOrders(pages, parts)
  registerBulk(pages, parts)
  registerDisputeEvidence(pages, parts)
  registerOrderActions(pages, parts)
  registerOrderParcels(pages, parts)
  registerOrderNotes(pages, parts)
  registerGoods(pages, parts)
  registerOrderRefund(pages, parts)
  registerProducts(pages, parts)
  registerVariants(pages, parts)
  registerPrints(pages, parts)
  registerOffers(pages, parts)
  registerLicenceKeys(pages, parts)
  registerLinks(pages, parts)
  registerFilePages(pages, parts)
  registerBrandPage(pages, parts)
  registerRevenue(pages, parts)
  registerBalance(pages, parts)
  registerEndpoints(pages, parts)
  registerKeys(pages, parts)
  registerPeople(pages, parts)
  registerAccount(pages, parts)
  registerSecondFactor(pages, parts)
  requireRights(pages)

  registerMerchantAccess(pages, parts)
  registerOperatorPages(pages, parts)
  registerSellingEntityPages(pages, parts)
  registerTaxRatePages(pages, parts)

  for (const path of ['/c/*', '/o/*', '/dashboard/*']) {
    pages.all(path, () => {
      throw new ApiError('not_found')
    })
  }
  app.route('/', pages)
}
