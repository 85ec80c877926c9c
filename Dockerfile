# docker build -t arena-bot .
# docker run -d --name arena-bot -e DISCORD_TOKEN -e ARENA_SECRET_KEYS \
#   -v "$PWD/config.toml:/etc/arena-bot/config.toml:ro" -v arena-data:/data arena-bot
#
# Models that run on the same machine are not at "localhost" from in here: add
# --add-host host.docker.internal:host-gateway and write host.docker.internal in base_url.
# ARENA_SECRET_KEYS encrypts the API keys that moderators enter (`arena-bot new-key` prints one).
# Keys that api_key_env names are handed in with -e, like the token; the image holds none.
FROM python:3.11-slim

WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
RUN pip install --no-cache-dir -c constraints.txt '.[export]' \
    && rm -rf /src \
    && useradd --system --no-create-home --shell /usr/sbin/nologin arena \
    && install -d -o arena -g arena /data

USER arena
# The database's default path is relative: it is kept here.
WORKDIR /data
VOLUME /data
ENTRYPOINT ["arena-bot"]
CMD ["run", "--config", "/etc/arena-bot/config.toml"]
