/** The account of what a merchant is owed. */
export const merchantAccount = (merchantId: string): string => `merchant:${merchantId}`
