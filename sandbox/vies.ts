import { underFault } from './faults.ts'
import { type Answer, json, type Route } from './http.ts'
import type { World } from './world.ts'

/** The member states whose registers the European Commission asks; EL is Greece, XI Northern Ireland. */
const memberStates = new Set(
  'AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI'.split(' '),
)

/** Answers of 5xx come as the Commission's gateway gives them. */
const trouble = (status: number): Answer =>
  json({ actionSucceed: false, errorWrappers: [{ error: 'SERVICE_UNAVAILABLE' }] }, status)

/**
 * The European Commission's register of VAT numbers (VIES), as its REST interface answers: always 200, with the reason
 * in `userError`. Numbers ending in 00 are not registered, those ending in 99 belong to a register that is down.
 */
export function viesRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      path: '/vies/rest-api/ms/:country/vat/:number',
      handle: ({ params }) => {
        const { country = '', number = '' } = params
        return underFault(world.faults.take('vies', 'check_vat_number'), () => json(check(country, number)), trouble)
      },
    },
  ]
}

function check(country: string, number: string) {
  const vatNumber = number.replaceAll(/[\s.-]/g, '').toUpperCase()
  const userError = verdict(country, vatNumber)
  const isValid = userError === 'VALID'
  return {
    isValid,
    requestDate: new Date().toISOString(),
    userError,
    name: isValid ? `COMPANY ${country}${vatNumber}` : '---',
    address: isValid ? `1 MAIN STREET\n1000 CAPITAL OF ${country}` : '---',
    requestIdentifier: '',
    originalVatNumber: number,
    vatNumber,
    viesApproximate: {
      name: '---',
      street: '---',
      postalCode: '---',
      city: '---',
      companyType: '---',
      matchName: 3,
      matchStreet: 3,
      matchPostalCode: 3,
      matchCity: 3,
      matchCompanyType: 3,
    },
  }
}

function verdict(country: string, vatNumber: string): 'VALID' | 'INVALID' | 'INVALID_INPUT' | 'MS_UNAVAILABLE' {
  if (!memberStates.has(country) || !/^[A-Z0-9+*]{2,12}$/.test(vatNumber)) return 'INVALID_INPUT'
  if (vatNumber.endsWith('99')) return 'MS_UNAVAILABLE'
  return vatNumber.endsWith('00') ? 'INVALID' : 'VALID'
}
