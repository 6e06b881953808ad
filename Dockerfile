# One image for every process: the API, each worker and the migration differ only in their command.
# Node runs the TypeScript as it is, so there is nothing to build.

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Development packages hold the embedded Postgres and the test tools: production embeds nothing.
RUN npm ci --omit=dev && npm cache clean --force

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY queues ./queues
COPY workers ./workers
COPY migrations ./migrations
# The guides that /docs/guides shows.
COPY docs/guides ./docs/guides
COPY docs/configuration.md ./docs/configuration.md
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
# Straight to node, without npm between: signals reach the process, which drains before it ends.
CMD ["node", "src/main.ts"]
