/**
 * `unavailable`: nobody knows at the moment; it is asked again later. `not_kept`: the register does not keep numbers of this form, so
 * nobody ever will.
 */
export type RegisterAnswer =
  | { outcome: 'verified'; name?: string | undefined; address?: string | undefined }
  | { outcome: 'not_valid' }
  | { outcome: 'unavailable' }
  | { outcome: 'not_kept' }

/** Asks the authority behind a type whether a number exists. `value` is the number alone, `country` its code in the register. */
export type TaxRegister = {
  verify(number: { type: string; value: string; country: string }): Promise<RegisterAnswer>
}
