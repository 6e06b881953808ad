/** The OpenAPI security of routes that need a signed-in person. */
export const session = [{ session: [] }]
