import type { Context } from 'hono'
import { addressOfSecret } from '../../../operators/second-factor.ts'
import { passwordIs } from '../../../operators/users.ts'
import type { FormState } from '../../pages/elements.ts'
import { emptyForm } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { recoveryPage, secondFactorPage, setUpPage } from '../../pages/seller/second-factor-pages.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { readForm } from './page-form.ts'

const base = '/dashboard/account/second-factor'

/** `/dashboard/account/second-factor`: somebody's authenticator app, set up and turned off with the password. */
export function registerSecondFactor(app: PageApp, parts: PageParts): void {
  const { secondFactors, signInLimit, database, log } = parts
  const show = async (c: Context<PageEnv>, state: FormState, status: PageStatus = 200) =>
    sendDashboard(
      c,
      'account',
      secondFactorPage({ isOn: await secondFactors.isOn(c.get('member').userId), state }),
      status,
    )
  const showSecret = (c: Context<PageEnv>, secret: string, state: FormState, status: PageStatus = 200) => {
    const { email, merchantName } = c.get('member')
    const address = addressOfSecret(secret, { label: email, issuer: merchantName })
    return sendDashboard(c, 'account', setUpPage({ secret, address, state }), status)
  }
  /** Counts the attempt. Undefined for the right password, else the answer. */
  const refusePassword = async (c: Context<PageEnv>, password: string) => {
    const { userId, email } = c.get('member')
    await signInLimit.spend(c, email)
    if (await passwordIs(database.sql, { userId, password: password.slice(0, 1024) })) return undefined
    return show(c, { values: {}, errors: { password: 'This is not your password.' } }, 400)
  }

  app.get(base, (c) => show(c, emptyForm))

  app.post(`${base}/begin`, async (c) => {
    const { userId, email } = c.get('member')
    const refused = await refusePassword(c, (await readForm(c)).text('password'))
    if (refused) return refused
    await signInLimit.forgive(c, email)
    const secret = await secondFactors.begin(userId)
    return secret ? showSecret(c, secret, emptyForm) : c.redirect(base, 303)
  })

  app.post(`${base}/confirm`, async (c) => {
    const { userId } = c.get('member')
    const secret = await secondFactors.pending(userId)
    if (!secret) return c.redirect(base, 303)
    await signInLimit.spendCode(c, userId)
    const codes = await secondFactors.confirm(userId, (await readForm(c)).text('code').slice(0, 40))
    if (!codes) return showSecret(c, secret, { values: {}, errors: { code: 'This code is wrong.' } }, 400)
    await signInLimit.forgiveCodes(userId)
    log.info({ userId }, 'second factor turned on')
    return sendDashboard(c, 'account', recoveryPage(codes))
  })

  app.post(`${base}/off`, async (c) => {
    const { userId, email } = c.get('member')
    const form = await readForm(c)
    const refused = await refusePassword(c, form.text('password'))
    if (refused) return refused
    await signInLimit.spendCode(c, userId)
    if (!(await secondFactors.use(userId, form.text('code').slice(0, 40)))) {
      return show(c, { values: {}, errors: { code: 'This code is wrong, or it was used already.' } }, 400)
    }
    await Promise.all([signInLimit.forgiveCodes(userId), signInLimit.forgive(c, email)])
    await secondFactors.remove(userId)
    log.info({ userId }, 'second factor turned off')
    return c.redirect('/dashboard/account?done=factor-off', 303)
  })
}
