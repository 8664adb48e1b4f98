# One image for every process of the house: which one a container is, its command says.
# tests/deployment/image.test.ts runs these very steps in a clean folder.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /quanyu
COPY . .
# The image brings Node and the house's PostgreSQL is another container, so what is optional stays out.
RUN --mount=type=cache,target=/root/.npm npm ci --include=dev --no-audit --no-fund --loglevel=error
RUN npx turbo run build --output-logs=errors-only
RUN npm prune --omit=dev --omit=optional --no-audit --no-fund --loglevel=error
# What is only read by people or by tests.
RUN rm -rf tests packages/testing packages/channel-sandbox packages/*/src subgraphs/*/src gateway/src schema/src .turbo node_modules/.cache

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /quanyu
# Root owns the files and another user runs them: a process cannot change its own code.
COPY --from=build /quanyu .
USER 1000:1000
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --start-interval=1s --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Answers of a gateway live for a few milliseconds: with room for them the young are collected before they are copied to the old.
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=32"]
CMD ["gateway/dist/main.js"]
