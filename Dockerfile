# motlan as one image: the product, its adapters and its mappings; no compiler, no development packages.
#
#   docker build -t motlan .
#   docker run -p 8080:8080 -v motlan-data:/var/lib/motlan -v /etc/motlan:/etc/motlan:ro motlan
#
# The configuration is /etc/motlan/motlan.yaml, with `data: /var/lib/motlan` and `http: { host: 0.0.0.0 }`: inside a container
# loopback is reached by nobody. The reverse proxy that ends TLS stands in front of the published port.

FROM node:20.20.2-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
# better-sqlite3 brings a prebuilt binary, or is compiled where none can be fetched; neither sources nor objects go further.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/build/Release/obj* \
  && node -e "require('better-sqlite3')(':memory:').close()"

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production \
    PORT=8080 \
    MOTLAN_DATA=/var/lib/motlan
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY bin ./bin
COPY config ./config
COPY adapters ./adapters
COPY mappings ./mappings
COPY src ./src
RUN install -d -o node -g node -m 0700 /var/lib/motlan
USER node
VOLUME ["/var/lib/motlan"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/motlan.mjs"]
CMD ["serve", "--config", "/etc/motlan/motlan.yaml"]
