// A page that was written for Digital River loads this in place of their script. What it does stands in the modules beside it,
// which are fetched when they are needed: the class itself has to be there as soon as the script has run.
;(() => {
  const home = new URL('.', document.currentScript.src).href
  const module = (name) => import(`${home}modules/${name}.js`)

  class DigitalRiver {
    #shop

    /** `key` is a publishable key; `locale` such as `de-DE` decides the words. */
    constructor(key, { locale = document.documentElement.lang || 'en' } = {}) {
      this.#shop = { key, locale, api: new URL('..', home).href.replace(/\/$/, '') }
    }

    /** The whole form: ways to pay, card fields, a button. `configuration` as their guide describes it. */
    createDropin(configuration) {
      const parts = module('drop-in').then(({ openDropIn }) => openDropIn(this.#shop, configuration))
      parts.catch((error) => configuration.onError?.(answerOf(error)))
      const built = (act) => parts.then(act).catch(() => undefined)
      return {
        mount: (place) => built((dropIn) => dropIn.mount(place)),
        destroy: () => built((dropIn) => dropIn.destroy()),
      }
    }

    /** One field: `cardnumber`, `cardexpiration` or `cardcvv`, or `compliance`. */
    createElement(type, options = {}) {
      const element = module('elements').then(({ openElement }) => openElement(this.#shop, type, options))
      const built = (act) => element.then(act)
      element.catch((error) => console.error(error.message))
      const facade = {
        type,
        id: type,
        mount: (place) => built((it) => it.mount(place)),
        unmount: () => built((it) => it.unmount()),
        destroy: () => built((it) => it.destroy()),
        focus: () => built((it) => it.focus()),
        blur: () => built((it) => it.blur()),
        clear: () => built((it) => it.clear()),
        update: (more) => built((it) => it.update(more)),
        on(event, listener) {
          built((it) => it.on(event, listener))
          return facade
        },
      }
      return facade
    }

    /** `createSource(cardElement, data)` or `createSource(data)`; resolves to `{source}` or `{error}`, never rejects. */
    createSource(...given) {
      const data = given.at(-1)
      return answered(module('sources').then(({ createSource }) => createSource(this.#shop, data)))
    }

    retrieveSource(id) {
      return answered(module('sources').then(({ readSource }) => readSource(this.#shop, id)))
    }

    /** Resolves to `{paymentMethods}`: what can be paid with, of a session where one is named. */
    retrieveAvailablePaymentMethods({ sessionId } = {}) {
      return answered(
        module('api').then(async ({ readMethods }) => {
          const { types } = await readMethods(this.#shop, sessionId)
          return { paymentMethods: types }
        }),
      )
    }

    /** Takes the buyer where an order's `nextAction` says. A card is authenticated with its order, never before. */
    async handleNextAction({ action, data, nextAction = { action, data } } = {}) {
      const address = nextAction.data?.redirectUrl
      if (nextAction.action === 'redirect' && address) location.assign(address)
      return { status: address ? 'redirected' : 'no_action_required' }
    }

    async authenticateSource() {
      return { status: 'authentication_not_required' }
    }
  }

  const answered = (promise) => promise.catch((error) => ({ error: answerOf(error) }))
  const answerOf = ({ answer, message }) =>
    answer ?? { type: 'unavailable', errors: [{ code: 'unavailable', message }] }

  window.DigitalRiver = DigitalRiver
})()
