/** The OpenAPI security of routes for a merchant: its dashboard's session or its secret key. */
export const sellerSecurity = [{ session: [] }, { secretKey: [] }]
