export const customerTypes = ['individual', 'business'] as const
/** Whether a buyer buys as a person or for a business; tax may differ. */
export type CustomerType = (typeof customerTypes)[number]
