# The build needs a compiler for SQLite where no prebuilt binary is to be had; what runs does not carry it.
FROM node:24-bookworm AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts && npm rebuild better-sqlite3
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production PORCHLIGHT_DATA=/data LISTEN_ON=0.0.0.0
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/bin ./bin
COPY --from=build /build/dist ./dist
COPY --from=build /build/deploy/ready.js ./deploy/ready.js
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
# Asks at the PORT and the first address of LISTEN_ON.
HEALTHCHECK CMD ["node", "deploy/ready.js"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/bin/porchlight"]
CMD ["serve"]
